//! Draws the small pictures.

use leptos::prelude::*;

/// A picture of one path in the colour of the text around it. It is hidden from assistive technology, because words stand beside it.
#[component]
pub fn Icon(
    /// The path, on a ground of 24 by 24: one of the constants of this module.
    path: &'static str,
) -> impl IntoView {
    view! { class="pf",
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

/// A card.
pub const CARD: &str =
    "M3 6.5A1.5 1.5 0 0 1 4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5zM3 10h18M6.5 15H10";
/// A bank.
pub const BANK: &str = "M4 9.5 12 4l8 5.5zM6 12v5M10 12v5M14 12v5M18 12v5M4 20h16";
/// A note.
pub const CASH: &str = "M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M6 10v4M18 10v4";
/// A written slip.
pub const SLIP: &str = "M3 6h18v12H3zM6 10h7M6 14h4M15 14l3.5-3.5";
/// An arrow into a tray.
pub const DEPOSIT: &str = "M12 4v9M8.5 10 12 13.5 15.5 10M4 15v4h16v-4";
/// A tick in a circle.
pub const DONE: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M8 12.5l2.8 2.8L16 9.5";
/// A clock.
pub const CLOCK: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M12 7v5l3.5 2";
