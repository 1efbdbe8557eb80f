//! The parts of an answer that are read. What is zero or empty is left out of such JSON, so everything has a default.

use serde::Deserialize;

/// The whole answer; `error` stands alone in a refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) responses: Vec<One>,
    pub(super) error: Option<Status>,
}

/// Why something was refused: `code` is an HTTP status in a refusal, a code of gRPC within an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Status {
    /// The code; 8 of gRPC and 429 of HTTP are a quota.
    pub code: i32,
    /// What the service says.
    pub message: String,
    /// The code as a word, such as `RESOURCE_EXHAUSTED`; missing within an answer.
    pub status: String,
}

/// What is said of one picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct One {
    pub(super) full_text_annotation: Option<FullText>,
    pub(super) text_annotations: Vec<Entity>,
    pub(super) error: Option<Status>,
}

/// The text with its parts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FullText {
    pub(super) pages: Vec<PageShape>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageShape {
    pub(super) blocks: Vec<Block>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Block {
    pub(super) bounding_box: Polygon,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) confidence: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Paragraph {
    pub(super) bounding_box: Polygon,
    pub(super) words: Vec<Word>,
    pub(super) confidence: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Word {
    pub(super) bounding_box: Polygon,
    pub(super) symbols: Vec<Symbol>,
    pub(super) confidence: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Symbol {
    pub(super) bounding_box: Polygon,
    pub(super) text: String,
    pub(super) confidence: f32,
    pub(super) property: Property,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Property {
    pub(super) detected_break: Option<Break>,
}

/// A space or an end of line, after the sign or (`isPrefix`) before it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Break {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) is_prefix: bool,
}

/// One of `textAnnotations`: the first is the whole text, the others are its words.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entity {
    pub(super) description: String,
    pub(super) bounding_poly: Polygon,
}

/// Corners in pixels, or (`normalizedVertices`) in parts of the picture's sides.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Polygon {
    pub(super) vertices: Vec<Vertex>,
    pub(super) normalized_vertices: Vec<Vertex>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Vertex {
    pub(super) x: f32,
    pub(super) y: f32,
}
