//! The server speaks all languages: which one, the task that answers a request knows.

use std::{cell::Cell, sync::LazyLock};

use super::{
    Language,
    table::{DE, EN, FR, HU, TRAVEL},
};

tokio::task_local! {
    /// The language of the request that this task answers.
    static ASKED: Language;
}

thread_local! {
    /// The language for which this thread works: a query runs on a thread of its own, where the task's does not reach.
    static LENT: Cell<Option<Language>> = const { Cell::new(None) };
}

/// The language of the request being answered; English where there is none.
pub fn language() -> Language {
    LENT.get().or_else(|| ASKED.try_with(|language| *language).ok()).unwrap_or_default()
}

/// Answers a request in a language.
pub async fn saying<F: Future>(language: Language, answer: F) -> F::Output {
    ASKED.scope(language, answer).await
}

/// Does work on a thread of its own in a language.
pub fn within<T>(language: Language, work: impl FnOnce() -> T) -> T {
    /// Takes it away also when `work` panics: the thread goes on to serve others.
    struct Leave(Option<Language>);
    impl Drop for Leave {
        fn drop(&mut self) {
            LENT.set(self.0);
        }
    }
    let _leave = Leave(LENT.replace(Some(language)));
    work()
}

pub(super) fn table(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &EN,
        Language::Hungarian => &HU,
        Language::German => &DE,
        Language::French => &FR,
    }
}

pub(super) fn text(place: usize) -> &'static str {
    table(language()).get(place).copied().unwrap_or_default()
}

/// The script that gives a page its texts: those that a browser needs, in the order in which its half knows them.
pub fn script(language: Language) -> String {
    let texts = table(language).get(..TRAVEL).unwrap_or_default();
    let json = serde_json::to_string(texts).unwrap_or_default();
    format!("window.cellarTexts={json}")
}

/// Names the texts of this build, so that a browser may keep them for ever.
pub fn fingerprint() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        use std::hash::{Hash, Hasher};
        // The default hasher has fixed keys: the same texts have the same name after a restart.
        let mut hasher = std::hash::DefaultHasher::new();
        Language::ALL.iter().for_each(|language| script(*language).hash(&mut hasher));
        format!("{:016x}", hasher.finish())
    });
    &NAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts;

    #[test]
    fn a_thread_forgets_the_language_it_worked_in() {
        assert_eq!(within(Language::German, language), Language::German);
        assert_eq!(language(), Language::English);
    }

    #[tokio::test]
    async fn a_request_is_answered_in_its_language() {
        let said = saying(Language::French, async { texts::bottles(1) }).await;
        assert_eq!(said, "1 bouteille");
        assert_eq!(texts::bottles(2), "2 bottles");
    }
}
