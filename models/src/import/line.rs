//! What a line of a file says, whichever program wrote it.

use crate::{bottle::BottleFacts, movement::IssueReason, note::Rating, window::Window, wine::WineFacts, word_enum};

word_enum! {
    /// Which program wrote the file, and which of its tables it is.
    Format {
        CtList = "ct_list", CtInventory = "ct_inventory", CtBottles = "ct_bottles", CtConsumed = "ct_consumed",
        CtPurchase = "ct_purchase", CtNotes = "ct_notes", VivinoCellar = "vivino_cellar",
        VivinoFull = "vivino_full", Bbr = "bbr", Ours = "winecellar", Plain = "plain", Former = "former",
    }
}

impl Format {
    /// For a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::CtList => "CellarTracker List",
            Self::CtInventory => "CellarTracker Inventory",
            Self::CtBottles => "CellarTracker Bottles",
            Self::CtConsumed => "CellarTracker Consumed",
            Self::CtPurchase => "CellarTracker Purchase or Pending",
            Self::CtNotes => "CellarTracker Notes",
            Self::VivinoCellar => "Vivino cellar.csv",
            Self::VivinoFull => "Vivino wine list",
            Self::Bbr => "Berry Bros. & Rudd holdings",
            Self::Ours => "winecellar CSV",
            Self::Plain => "table with columns named by you",
            Self::Former => "former system's book",
        }
    }

    /// Under which name its identifiers are kept: the tables of one program share it.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::CtList
            | Self::CtInventory
            | Self::CtBottles
            | Self::CtConsumed
            | Self::CtPurchase
            | Self::CtNotes => "cellartracker",
            Self::VivinoCellar | Self::VivinoFull => "vivino",
            Self::Bbr => "bbr",
            Self::Ours => "winecellar",
            Self::Plain => "plain",
            Self::Former => "former",
        }
    }

    /// Whether the file names all bottles that are in the cellar, so that one it does not name is worth a word.
    pub fn is_complete(self) -> bool {
        matches!(self, Self::CtList | Self::CtInventory | Self::CtBottles | Self::VivinoCellar | Self::Former)
    }
}

impl Format {
    /// Whether what is known already lies where the file says, though it lies elsewhere here: so for the system that is being replaced,
    /// as long as people work with it.
    pub fn follows_bins(self) -> bool {
        self == Self::Former
    }
}

/// A file that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Importable {
    /// What it is.
    pub format: Format,
    /// Encoding of its bytes.
    pub encoding: &'static str,
    /// Delimiter of its columns.
    pub delimiter: char,
    /// Names of its columns.
    pub header: Vec<String>,
    /// Which column was taken as what, for a plain table.
    pub mapping: Option<super::Mapping>,
    /// Its records.
    pub lines: Vec<ImportLine>,
    /// What is to be said of the whole file.
    pub notices: Vec<String>,
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportLine {
    /// Line of the file it starts on.
    pub line: u32,
    /// What it says, or why it says nothing that could be used.
    pub what: Result<Box<Item>, String>,
    /// What was not taken as it stands.
    pub warnings: Vec<String>,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The program's identifier of the vintage, or one made of the names.
    pub key: String,
    /// The wine.
    pub wine: WineFacts,
    /// Year; none = NV.
    pub year: Option<i32>,
    /// Drinking window by the program.
    pub window: Window,
    /// Worth of a bottle of 75 cl, with its currency.
    pub value: Option<(i64, String)>,
    /// Bottles that the line speaks of.
    pub count: u32,
    /// What has become of them.
    pub state: State,
    /// What is known of each.
    pub bottle: BottleFacts,
    /// The program's identifier of this one bottle.
    pub bottle_key: Option<String>,
    /// Room or rack, as the program names it.
    pub location: String,
    /// Bin, as the program names it.
    pub bin: String,
    /// A note that was taken of the wine.
    pub note: Option<NoteItem>,
}

/// What has become of the bottles of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// They are in the cellar.
    Here,
    /// They have left it.
    Gone(Gone),
    /// They are bought but not yet delivered.
    Pending,
    /// The line speaks of no bottle.
    Catalogue,
}

/// How bottles left.
#[derive(Debug, Clone, PartialEq)]
pub struct Gone {
    /// Why.
    pub reason: IssueReason,
    /// Day, `YYYY-MM-DD`.
    pub on: Option<String>,
    /// A remark.
    pub note: String,
    /// What a sale brought, with its currency.
    pub revenue: Option<(i64, String)>,
}

/// A tasting note.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteItem {
    /// The program's identifier of the note.
    pub key: String,
    /// Day of the tasting.
    pub on: Option<String>,
    /// What was written.
    pub body: String,
    /// The rating.
    pub rating: Option<Rating>,
}

impl Item {
    /// A line about a wine of which no more is known.
    pub(super) fn of(key: String, wine: WineFacts, year: Option<i32>) -> Self {
        Self {
            key,
            wine,
            year,
            window: Window::default(),
            value: None,
            count: 0,
            state: State::Catalogue,
            bottle: BottleFacts::default(),
            bottle_key: None,
            location: String::new(),
            bin: String::new(),
            note: None,
        }
    }

    /// `Producer Name 2019`.
    pub fn title(&self) -> String {
        crate::bottle::title(&self.wine.producer, &self.wine.name, self.year)
    }
}

impl ImportLine {
    /// A line of which nothing can be used.
    pub(super) fn skipped(line: u32, why: impl Into<String>) -> Self {
        Self { line, what: Err(why.into()), warnings: Vec::new() }
    }
}
