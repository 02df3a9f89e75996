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

/// A tick in a circle.
pub const DONE: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M8 12.5l2.8 2.8L16 9.5";
/// A clock.
pub const CLOCK: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M12 7v5l3.5 2";

/// The ink of the marks that belong to no brand.
const INK: &str = "#566274";

/// The mark of a method of payment, drawn here: colours and letters that people know from their cards.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// The part of the ground that is seen; every ground is a card of 38 by 26, or as wide in proportion.
    ground: &'static str,
    /// The shapes, from the lowest to the uppermost.
    shapes: &'static [Shape],
}

/// One path of a mark.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    path: &'static str,
    fill: &'static str,
    stroke: &'static str,
}

const CARD_GROUND: &str = "0 0 38 26";
/// The view box that puts a picture of 24 by 24 into the middle of a mark.
const ICON_GROUND: &str = "-10 -3 44 30";

const fn area(fill: &'static str, path: &'static str) -> Shape {
    Shape { path, fill, stroke: "none" }
}

const fn line(stroke: &'static str, path: &'static str) -> Shape {
    Shape { path, fill: "none", stroke }
}

/// The mark of a method. It is hidden from assistive technology, because the label names the method.
#[component]
pub fn MethodMark(
    /// The mark.
    mark: &'static Mark,
) -> impl IntoView {
    let shapes = mark.shapes.iter().map(|shape| {
        view! { class="pf", <path d=shape.path fill=shape.fill stroke=shape.stroke></path> }
    });
    view! { class="pf",
        <svg class="mark" viewBox=mark.ground aria-hidden="true">
            {shapes.collect_view()}
        </svg>
    }
}

/// The mark of a stored card, by the label that the server gives it.
pub fn card_mark(label: &str) -> &'static Mark {
    let label = label.to_lowercase();
    let brands = [
        ("visa", &VISA),
        ("mastercard", &MASTERCARD),
        ("master card", &MASTERCARD),
        ("amex", &AMEX),
        ("american express", &AMEX),
        ("discover", &DISCOVER),
    ];
    brands.into_iter().find(|(name, _)| label.contains(name)).map_or(&CARD, |(_, mark)| mark)
}

static VISA: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[line(
        "#1a3fa8",
        "M6.5 9l2 8L13 9M15.5 9l-1.5 8M22 9.7c-1.7-1.1-4.3-.8-4.3.9 0 1.9 3.5 1.3 3.3 3.5-.2 2-3 2.2-4.7 1.1M23.5 17l4.3-8 2.2 8M25 14.4h4.3",
    )],
};
static MASTERCARD: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[
        area("#eb001b", "M15 6a7 7 0 1 0 0 14 7 7 0 0 0 0-14"),
        area("#f79e1b", "M23 6a7 7 0 1 0 0 14 7 7 0 0 0 0-14"),
        area("#ff5f00", "M19 7.255a7 7 0 0 1 0 11.49 7 7 0 0 1 0-11.49"),
    ],
};
static AMEX: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[
        area("#1467b3", "M0 0h38v26H0z"),
        line("#fff", "M4.5 17l3-8 3 8M5.7 14.5h3.6M13 17V9l3 5 3-5v8M26.5 9H22v8h4.5M22 13h4M29 9l5 8M34 9l-5 8"),
    ],
};
static DISCOVER: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[
        area("#f47216", "M38 16c-7 5-15 8.5-25 10h25z"),
        line(
            "#2b3442",
            "M4.5 8.5v7H6a3.5 3.5 0 0 0 0-7zM12 8.5v7M18 9.2c-1.3-1-3.5-.8-3.5.8 0 1.8 3.6 1.5 3.5 3.6-.1 1.9-2.5 2.1-3.9.9M24.6 9.4a3.2 3.5 0 1 0 0 5.2",
        ),
        area("#f47216", "M30 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8"),
    ],
};
/// A card of no known brand.
pub static CARD: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[line(
        INK,
        "M10.5 7h17a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-17A1.5 1.5 0 0 1 9 17.5v-9A1.5 1.5 0 0 1 10.5 7M9 11h20M12.5 15.5h4",
    )],
};
/// A bank account.
pub static BANK: Mark = Mark {
    ground: CARD_GROUND,
    shapes: &[line(INK, "M11 11l8-5 8 5zM13 12.5v5.5M17 12.5v5.5M21 12.5v5.5M25 12.5v5.5M10.5 20.5h17")],
};
/// A note.
pub static CASH: Mark =
    Mark { ground: ICON_GROUND, shapes: &[line(INK, "M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M6 10v4M18 10v4")] };
/// A written slip.
pub static SLIP: Mark = Mark { ground: ICON_GROUND, shapes: &[line(INK, "M3 6h18v12H3zM6 10h7M6 14h4M15 14l3.5-3.5")] };
/// An arrow into a tray.
pub static DEPOSIT: Mark = Mark { ground: ICON_GROUND, shapes: &[line(INK, "M12 4v9M8.5 10 12 13.5 15.5 10M4 15v4h16v-4")] };
