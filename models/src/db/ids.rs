//! Identifiers are made here and not by the engine: neither has to be asked for what it has just inserted.

/// A new UUIDv7 as text. Later ids of one process sort after earlier ones, so that a list can be paged by id.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A new id that sorts after `last`, also when another machine, whose clock is ahead of ours, has made `last`.
pub(super) fn new_id_after(last: Option<&str>) -> String {
    let id = uuid::Uuid::now_v7();
    let Some(last) = last.and_then(|last| uuid::Uuid::parse_str(last).ok()).filter(|last| *last >= id) else {
        return id.to_string();
    };
    let bytes = last.as_bytes();
    let ahead = bytes[..6].iter().fold(0_u64, |millis, byte| (millis << 8) | u64::from(*byte));
    let mut random = [0; 10];
    random.copy_from_slice(&id.as_bytes()[6..]);
    uuid::Builder::from_unix_timestamp_millis(ahead + 1, &random).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_sorts_after_one_from_a_clock_that_is_ahead() {
        let mut last = "7fffffff-0000-7fff-bfff-ffffffffffff".to_owned();
        for _ in 0..3 {
            let next = new_id_after(Some(&last));
            assert!(next > last, "{next}");
            last = next;
        }
        assert!(new_id_after(Some("019309e2-0000-7000-8000-000000000000")).as_str() < "7f");
        assert_eq!(new_id_after(None).len(), 36);
    }
}
