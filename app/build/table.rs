//! A language's table: a line `name = text` for each text, forms for one and for many parted by ` | `, what is filled in
//! as `{part}`. Lines below `[desk]` are said by the server only; those below `[elsewhere]` by other rooms, in English, and recognised by their words.

/// Who says a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sayer {
    /// A live page: it travels to the browser.
    App,
    /// The server only.
    Desk,
    /// The rules or the camera.
    Elsewhere,
}

/// A text of the table.
pub(crate) struct Text {
    pub(crate) name: String,
    /// One form, or those for one and for many.
    pub(crate) forms: Vec<String>,
    /// Who says it.
    pub(crate) by: Sayer,
}

impl Text {
    /// What its function takes: what is filled in, in the order of its first place, and the number that chooses a form.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts = self.shown();
        if self.counts() && !parts.iter().any(|part| part == "n") {
            parts.insert(0, "n".to_owned());
        }
        parts
    }

    /// What is filled in.
    fn shown(&self) -> Vec<String> {
        let mut parts = Vec::<String>::new();
        for form in &self.forms {
            for part in form.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
                if !parts.iter().any(|known| known == part.0) {
                    parts.push(part.0.to_owned());
                }
            }
        }
        parts
    }

    /// Whether the words depend on a number.
    pub(crate) fn counts(&self) -> bool {
        self.forms.len() > 1
    }
}

/// All texts of a language.
pub(crate) struct Table {
    pub(crate) language: String,
    pub(crate) texts: Vec<Text>,
}

impl Table {
    pub(crate) fn parse(language: &str, source: &str) -> Result<Self, String> {
        let (mut texts, mut by) = (Vec::<Text>::new(), Sayer::App);
        for (number, line) in source.lines().map(str::trim).enumerate() {
            match line {
                "" => continue,
                "[app]" => by = Sayer::App,
                "[desk]" => by = Sayer::Desk,
                "[elsewhere]" => by = Sayer::Elsewhere,
                _ if line.starts_with('#') => continue,
                _ => {
                    let (name, text) =
                        line.split_once(" = ").ok_or_else(|| format!("line {}: write `name = text`", number + 1))?;
                    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                        return Err(format!("line {}: `{name}` is no name of a text", number + 1));
                    }
                    if texts.iter().any(|known| known.name == name) {
                        return Err(format!("line {}: `{name}` stands there twice", number + 1));
                    }
                    let forms = text.split(" | ").map(str::to_owned).collect();
                    texts.push(Text { name: name.to_owned(), forms, by });
                }
            }
        }
        Ok(Self { language: language.to_owned(), texts })
    }

    fn find(&self, name: &str) -> Option<&Text> {
        self.texts.iter().find(|text| text.name == name)
    }

    /// What is wrong with this language beside the English one.
    pub(crate) fn faults(&self, english: &Self) -> Vec<String> {
        let language = &self.language;
        let mut faults = Vec::new();
        for text in &english.texts {
            match self.find(&text.name) {
                None => faults.push(format!("{language}: `{}` is missing", text.name)),
                Some(said) => {
                    let (known, here) = (text.shown(), said.shown());
                    if let Some(part) = here.iter().find(|part| !known.contains(part)) {
                        faults.push(format!("{language}: `{}` has no part {{{part}}}", text.name));
                    }
                    if let Some(part) = known.iter().find(|part| !here.contains(part)) {
                        faults.push(format!("{language}: `{}` lacks {{{part}}}", text.name));
                    }
                    if said.counts() && !text.counts() {
                        faults.push(format!("{language}: `{}` has one form", text.name));
                    }
                }
            }
        }
        let more = self.texts.iter().filter(|text| english.find(&text.name).is_none());
        faults.extend(more.map(|text| format!("{language}: nobody asks for `{}`", text.name)));
        faults
    }

    /// The text with its parts numbered as English numbers them.
    pub(crate) fn said(&self, of: &Text) -> String {
        let mut said = self.find(&of.name).map(|text| text.forms.join("|")).unwrap_or_default();
        for (number, part) in of.parts().iter().enumerate() {
            said = said.replace(&format!("{{{part}}}"), &format!("{{{number}}}"));
        }
        said
    }
}
