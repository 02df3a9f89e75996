//! Computes the rows of a long table that are in the document. All heights are whole pixels.

/// The largest number of invoices that are all in the document, without a scrolling box.
pub const SHORT_MAX: usize = 20;

/// The number of rows that are drawn beyond each edge, so that scrolling shows no gap.
const OVERSCAN: usize = 3;

/// The measures of the scrolled box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// The scrolled distance.
    pub top: i32,
    /// The height of the visible rows, without the head of the table.
    pub height: i32,
    /// The height of a row.
    pub row: i32,
}

impl Default for Viewport {
    /// Estimates for the first rendering, which is measured right after it.
    fn default() -> Self {
        Self { top: 0, height: 600, row: 56 }
    }
}

/// Positions of rows: from the first up to, but not including, the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first row in the document.
    pub first: usize,
    /// The position after the last row in the document.
    pub end: usize,
    /// The first row that is wholly in sight.
    pub visible_first: usize,
    /// The position after the last row that is wholly in sight.
    pub visible_end: usize,
}

impl Window {
    /// All rows of a short table.
    pub fn all(len: usize) -> Self {
        Self { first: 0, end: len, visible_first: 0, visible_end: len }
    }

    /// The rows in sight, with some rows beyond each edge.
    pub fn of(viewport: Viewport, len: usize) -> Self {
        let row = viewport.row.max(1);
        let row_at = |pixels: i32| usize::try_from(pixels.max(0)).unwrap_or_default();
        let visible_first = row_at((viewport.top + row - 1) / row).min(len);
        let visible_end = row_at((viewport.top + viewport.height) / row).clamp(visible_first, len);
        Self {
            first: visible_first.saturating_sub(OVERSCAN),
            end: visible_end.saturating_add(OVERSCAN).min(len),
            visible_first,
            visible_end,
        }
    }

    /// Tells whether this row is wholly visible. The Tab key stops only there; otherwise each row would scroll in the next, and the key would
    /// never leave the table.
    pub fn is_visible(&self, position: usize) -> bool {
        (self.visible_first..self.visible_end).contains(&position)
    }
}

impl Viewport {
    /// The smallest scroll that brings this row wholly into sight.
    pub fn top_for(&self, position: usize) -> i32 {
        let begin = i32::try_from(position).unwrap_or(i32::MAX).saturating_mul(self.row);
        let end = begin.saturating_add(self.row);
        if begin < self.top {
            begin
        } else if end > self.top.saturating_add(self.height) {
            end.saturating_sub(self.height)
        } else {
            self.top
        }
    }
}
