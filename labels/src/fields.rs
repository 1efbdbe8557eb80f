//! What a label says, field by field.

use serde::{Deserialize, Serialize};

/// One thing that a label says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// What it is, in the spelling of the reference tables where they know it.
    pub value: String,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// On which shot it was read, from 0; none where it was concluded from another field.
    pub shot: Option<usize>,
    /// Where it was read, in pixels of that shot, clockwise from the text's top left.
    pub corners: Option<[[f32; 2]; 4]>,
    /// What else it may be, likeliest first.
    pub alternatives: Vec<String>,
}

impl Field {
    /// Concluded from another field.
    pub(crate) fn concluded(value: impl Into<String>, confidence: f32) -> Self {
        Self { value: value.into(), confidence, shot: None, corners: None, alternatives: Vec::new() }
    }
}

/// What all shots of a bottle say together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Label {
    /// Who made it.
    pub producer: Option<Field>,
    /// Name of the wine.
    pub name: Option<Field>,
    /// Year of the harvest, or `NV`.
    pub vintage: Option<Field>,
    /// Appellation, such as `Bandol`.
    pub appellation: Option<Field>,
    /// Region, such as `Provence`.
    pub region: Option<Field>,
    /// Country, in English.
    pub country: Option<Field>,
    /// Grapes.
    pub grapes: Vec<Field>,
    /// `red`, `white`, `rose` or `orange`.
    pub colour: Option<Field>,
    /// Alcohol in per cent of volume, such as `13.5`.
    pub abv: Option<Field>,
    /// Content of the bottle in millilitres.
    pub volume_ml: Option<Field>,
    /// Designations, such as `Riserva` or `Grand Cru`.
    pub designation: Vec<Field>,
}
