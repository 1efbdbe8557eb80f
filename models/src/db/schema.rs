//! The tables as Diesel sees them. The same for both engines; the truth is in `migrations/`.

diesel::table! { meta (id) { id -> Integer, revision -> BigInt, } }

diesel::table! {
    wines (id) {
        id -> Text, producer -> Text, name -> Text, country -> Text, region -> Text, appellation -> Text,
        colour -> Text, style -> Text, search_key -> Text, revision -> Integer, created_at -> Timestamp,
    }
}

diesel::table! {
    vintages (id) {
        id -> Text, wine_id -> Text, year -> Nullable<Integer>,
        drink_from -> Nullable<Integer>, drink_to -> Nullable<Integer>,
    }
}

diesel::table! {
    racks (id) {
        id -> Text, name -> Text, corners -> Text, frame_width -> Integer, frame_height -> Integer,
        rectified_width -> Integer, rectified_height -> Integer,
    }
}

diesel::table! {
    bins (id) { id -> Text, rack_id -> Text, polygon -> Text, capacity -> Integer, enabled -> Bool, }
}

diesel::table! {
    bottles (id) {
        id -> Text, vintage_id -> Text, bin -> Nullable<Text>, status -> Text, volume_ml -> Integer,
        price_minor -> Nullable<BigInt>, currency -> Nullable<Text>, revision -> Integer, received_at -> Timestamp,
    }
}

diesel::table! {
    scans (id) {
        id -> Text, rack_id -> Text, started_at -> Timestamp, finished_at -> Timestamp, source -> Text, status -> Text,
        message -> Text, model -> Text, stages -> Text, bins_read -> Integer, bins_changed -> Integer,
    }
}

diesel::table! {
    readings (scan_id, bin) {
        scan_id -> Text, bin -> Text, seen -> Nullable<Integer>, expected -> Integer, confidence -> Double,
        needs_look -> Nullable<Text>,
    }
}

diesel::table! {
    proposals (id) {
        id -> Text, scan_id -> Text, bin -> Text, expected -> Integer, seen -> Integer, confidence -> Double,
        state -> Text, decided_by -> Nullable<Text>, decided_at -> Nullable<Timestamp>, note -> Nullable<Text>,
        created_at -> Timestamp, revision -> Integer, open_bin -> Nullable<Text>, upheld -> Bool,
    }
}

diesel::table! {
    movements (id) {
        id -> Text, bottle_id -> Text, kind -> Text, reason -> Nullable<Text>, from_bin -> Nullable<Text>,
        to_bin -> Nullable<Text>, was_here -> Bool, is_here -> Bool, actor -> Text, source -> Text, at -> Timestamp,
        reverses -> Nullable<Text>, proposal_id -> Nullable<Text>,
    }
}

diesel::joinable!(vintages -> wines (wine_id));
diesel::joinable!(bottles -> vintages (vintage_id));
diesel::joinable!(readings -> scans (scan_id));
diesel::allow_tables_to_appear_in_same_query!(bottles, vintages, wines, readings, scans);
