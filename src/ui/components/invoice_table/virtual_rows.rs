//! Computes the rows of a long table that are in the document. All heights are whole pixels.

/// Up to so many invoices are all in the document, and nothing scrolls inside the form.
pub const SHORT_MAX: usize = 20;

/// The number of rows that are drawn beyond each edge, so that scrolling shows no gap.
const BEYOND: usize = 3;

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
    /// A guess for the first drawing; measured right after it.
    fn default() -> Self {
        Self { top: 0, height: 600, row: 56 }
    }
}

/// Positions of rows: from the first up to, but not including, the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first row in the document.
    pub first: usize,
    /// Behind the last row in the document.
    pub end: usize,
    /// The first row that is wholly in sight.
    pub seen_first: usize,
    /// Behind the last row that is wholly in sight.
    pub seen_end: usize,
}

impl Window {
    /// All rows of a short table.
    pub fn all(len: usize) -> Self {
        Self { first: 0, end: len, seen_first: 0, seen_end: len }
    }

    /// The rows around what is in sight.
    pub fn of(viewport: Viewport, len: usize) -> Self {
        let row = viewport.row.max(1);
        let row_at = |pixels: i32| usize::try_from(pixels.max(0)).unwrap_or_default();
        let seen_first = row_at((viewport.top + row - 1) / row).min(len);
        let seen_end = row_at((viewport.top + viewport.height) / row).clamp(seen_first, len);
        Self { first: seen_first.saturating_sub(BEYOND), end: seen_end.saturating_add(BEYOND).min(len), seen_first, seen_end }
    }

    /// Tells whether this row is wholly in sight. The Tab key stops only there; otherwise each row would scroll in the next, and the key would
    /// never leave the table.
    pub fn is_in_sight(&self, position: usize) -> bool {
        (self.seen_first..self.seen_end).contains(&position)
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
