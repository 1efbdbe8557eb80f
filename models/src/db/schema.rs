//! The tables as Diesel sees them. The same for both engines; the truth is in `migrations/`.

diesel::table! { meta (id) { id -> Integer, revision -> BigInt, } }

diesel::table! {
    wines (id) {
        id -> Text, producer -> Text, name -> Text, country -> Text, region -> Text, appellation -> Text,
        colour -> Text, style -> Text, search_key -> Text, revision -> Integer, created_at -> Timestamp,
        subregion -> Text, designation -> Text, vineyard -> Text, classification -> Text,
        sweetness -> Nullable<Text>, effervescence -> Nullable<Text>, grapes -> Text, abv_tenths -> Nullable<Integer>,
        archived -> Bool, touched -> BigInt,
    }
}

diesel::table! {
    vintages (id) {
        id -> Text, wine_id -> Text, year -> Nullable<Integer>,
        drink_from -> Nullable<Integer>, drink_to -> Nullable<Integer>,
        peak_from -> Nullable<Integer>, peak_to -> Nullable<Integer>, window_source -> Nullable<Text>,
        score_tenths -> Nullable<Integer>, valuation_minor -> Nullable<BigInt>, valuation_currency -> Nullable<Text>,
        revision -> Integer, touched -> BigInt,
    }
}

diesel::table! {
    racks (id) {
        id -> Text, name -> Text, corners -> Text, frame_width -> Integer, frame_height -> Integer,
        rectified_width -> Integer, rectified_height -> Integer,
        kind -> Text, row_count -> Nullable<Integer>, column_count -> Nullable<Integer>, staggered -> Bool,
        depth -> Integer, place -> Text, archived -> Bool, revision -> Integer,
        lens -> Nullable<Text>, width_mm -> Nullable<Integer>, height_mm -> Nullable<Integer>,
    }
}

diesel::table! {
    bins (id) { id -> Text, rack_id -> Text, polygon -> Text, capacity -> Integer, enabled -> Bool, revision -> Integer, }
}

diesel::table! {
    calibrations (id) {
        id -> Text, rack_id -> Text, number -> Integer, origin -> Text, facts -> Text, bins -> Text, camera -> Text,
        has_picture -> Bool, counts -> Text, made_by -> Text, made_at -> Timestamp, note -> Text, corrected -> Text,
    }
}

diesel::table! {
    bottles (id) {
        id -> Text, vintage_id -> Text, bin -> Nullable<Text>, status -> Text, volume_ml -> Integer,
        price_minor -> Nullable<BigInt>, currency -> Nullable<Text>, revision -> Integer, received_at -> Timestamp,
        purchased_on -> Nullable<Text>, shop -> Text, provenance -> Text, notes -> Text,
        opened_at -> Nullable<Timestamp>, preservation -> Nullable<Text>, glasses_left -> Nullable<Integer>,
        touched -> BigInt,
    }
}

diesel::table! {
    scans (id) {
        id -> Text, rack_id -> Text, started_at -> Timestamp, finished_at -> Timestamp, source -> Text, status -> Text,
        message -> Text, model -> Text, stages -> Text, bins_read -> Integer, bins_changed -> Integer,
        calibration_id -> Nullable<Text>,
    }
}

diesel::table! {
    readings (scan_id, bin) {
        scan_id -> Text, bin -> Text, seen -> Nullable<Integer>, expected -> Integer, confidence -> Double,
        needs_look -> Nullable<Text>,
    }
}

diesel::table! {
    seen_ends (scan_id, bin) {
        scan_id -> Text, bin -> Text, ends -> Text,
    }
}

diesel::table! {
    proposals (id) {
        id -> Text, scan_id -> Text, bin -> Text, expected -> Integer, seen -> Integer, confidence -> Double,
        state -> Text, decided_by -> Nullable<Text>, decided_at -> Nullable<Timestamp>, note -> Nullable<Text>,
        created_at -> Timestamp, revision -> Integer, open_bin -> Nullable<Text>, upheld -> Bool,
        kind -> Text, other_bin -> Nullable<Text>, other_expected -> Nullable<Integer>, other_seen -> Nullable<Integer>,
        open_other -> Nullable<Text>, number -> Integer, likeness -> Nullable<Double>, evidence -> Text,
        confirmed_at -> Timestamp, snoozed_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bin_memory (bin) {
        bin -> Text, confirmed_at -> Nullable<Timestamp>, confirmed_by -> Nullable<Text>, who -> Nullable<Text>,
        scan_id -> Nullable<Text>, looks -> Nullable<Text>, doubt -> Nullable<Text>,
    }
}

diesel::table! { bottle_looks (bottle_id) { bottle_id -> Text, looks -> Text, seen_at -> Timestamp, } }

diesel::table! {
    movements (id) {
        id -> Text, bottle_id -> Text, kind -> Text, reason -> Nullable<Text>, from_bin -> Nullable<Text>,
        to_bin -> Nullable<Text>, was_here -> Bool, is_here -> Bool, actor -> Text, source -> Text, at -> Timestamp,
        reverses -> Nullable<Text>, proposal_id -> Nullable<Text>,
        note -> Text, batch -> Nullable<Text>, revenue_minor -> Nullable<BigInt>, currency -> Nullable<Text>,
    }
}

diesel::table! {
    windows (vintage_id, source) {
        vintage_id -> Text, source -> Text, drink_from -> Nullable<Integer>, peak_from -> Nullable<Integer>,
        peak_to -> Nullable<Integer>, drink_to -> Nullable<Integer>,
    }
}

diesel::table! {
    tasting_notes (id) {
        id -> Text, vintage_id -> Text, bottle_id -> Nullable<Text>, author -> Text, tasted_on -> Text, body
        -> Text, rating_hundredths -> Nullable<Integer>, scale -> Nullable<Integer>, deleted -> Bool, revision
        -> Integer, created_at -> Timestamp,
    }
}

diesel::table! {
    wine_tags (wine_id, tag) {
        wine_id -> Text, tag -> Text,
    }
}

diesel::table! {
    wishes (id) {
        id -> Text, producer -> Text, name -> Text, year -> Nullable<Integer>, note -> Text, priority ->
        Integer, state -> Text, added_by -> Text, deleted -> Bool, revision -> Integer, created_at -> Timestamp,
    }
}

diesel::table! {
    changes (id) {
        id -> Text, entity -> Text, entity_id -> Text, before_json -> Nullable<Text>, after_json ->
        Nullable<Text>, actor -> Text, source -> Text, at -> Timestamp, reverses -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Text, name -> Text, role -> Text, password_hash -> Nullable<Text>, pin_hash -> Nullable<Text>,
        enabled -> Bool, revision -> Integer, created_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text, user_id -> Text, kind -> Text, agent -> Text, created_at -> Timestamp, seen_at ->
        Timestamp, expires_at -> Timestamp,
    }
}

diesel::table! {
    tokens (id) {
        id -> Text, name -> Text, hash -> Text, role -> Text, scopes -> Text, created_by -> Text, created_at
        -> Timestamp, used_at -> Nullable<Timestamp>, expires_at -> Nullable<Timestamp>, revoked_at ->
        Nullable<Timestamp>,
    }
}

diesel::table! {
    setup_links (hash) {
        hash -> Text, created_at -> Timestamp, expires_at -> Timestamp, used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency (owner, idem_key) {
        owner -> Text, idem_key -> Text, request_hash -> Text, status -> Integer, body -> Text, at ->
        Timestamp,
    }
}

diesel::table! {
    import_refs (scheme, foreign_id) {
        scheme -> Text, foreign_id -> Text, entity -> Text, entity_id -> Text, import_id -> Nullable<Text>,
    }
}

diesel::table! {
    imports (id) {
        id -> Text, at -> Timestamp, actor -> Text, file_name -> Text, scheme -> Text, report -> Text,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    events (revision, number) { revision -> BigInt, number -> Integer, kind -> Text, at -> Timestamp, body -> Text, }
}

diesel::table! {
    targets (name) {
        name -> Text, queued -> BigInt, holder -> Nullable<Text>, held_until -> Nullable<Timestamp>,
        delivered_at -> Nullable<Timestamp>, failed_at -> Nullable<Timestamp>, failure -> Nullable<Text>,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Text, target -> Text, revision -> BigInt, number -> Integer, state -> Text, attempts -> Integer,
        due_at -> Timestamp, failure -> Nullable<Text>, at -> Timestamp,
    }
}

diesel::table! {
    barcodes (code, vintage_id) {
        code -> Text, vintage_id -> Text, volume_ml -> Integer, learned_at -> Timestamp, learned_by -> Text,
    }
}

diesel::table! { bottle_labels (bottle_id) { bottle_id -> Text, printed_at -> Timestamp, } }

diesel::table! {
    catalogue_lists (id) {
        id -> Text, name -> Text, wines -> Integer, imported_at -> Timestamp, imported_by -> Text,
    }
}

diesel::table! { catalogue_wines (list_id, number) { list_id -> Text, number -> Integer, facts -> Text, } }

diesel::table! {
    catalogue_words (list_id, word) {
        list_id -> Text, word -> Text, wines -> Integer, named -> Text,
    }
}

diesel::table! { problems (name) { name -> Text, found -> Text, cure -> Text, since -> Timestamp, } }

diesel::table! {
    settings (name) {
        name -> Text, value -> Text,
    }
}

diesel::joinable!(vintages -> wines (wine_id));
diesel::joinable!(bottles -> vintages (vintage_id));
diesel::joinable!(tasting_notes -> vintages (vintage_id));
diesel::joinable!(wine_tags -> wines (wine_id));
diesel::joinable!(windows -> vintages (vintage_id));
diesel::joinable!(barcodes -> vintages (vintage_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(readings -> scans (scan_id));
diesel::allow_tables_to_appear_in_same_query!(
    bottles,
    vintages,
    wines,
    readings,
    scans,
    tasting_notes,
    wine_tags,
    windows,
    movements,
    changes,
    seen_ends,
    barcodes,
    bottle_labels
);
diesel::allow_tables_to_appear_in_same_query!(sessions, users);
diesel::allow_tables_to_appear_in_same_query!(events, deliveries);
diesel::allow_tables_to_appear_in_same_query!(import_refs, movements);
diesel::allow_tables_to_appear_in_same_query!(bins, racks, bottles);
diesel::allow_tables_to_appear_in_same_query!(bins, vintages);
diesel::allow_tables_to_appear_in_same_query!(bins, movements);
