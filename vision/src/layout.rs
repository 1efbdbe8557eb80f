//! Where the rack stands in the frame and where its bins are, as `plan` has it.

pub use plan::{
    cells::{read_cells, write_cells},
    layout::{BinShape, Layout, LayoutError},
    lens::Lens,
};
