//! Draws the placeholders of words and amounts that are on their way. The script `skeleton.js` draws the same before the WebAssembly is there, so
//! nothing moves when the form takes its place.

use leptos::prelude::*;

/// Grey bars, each as large as the content that will take its place.
///
/// Accessibility: hidden, because a status line says that something is on its way.
#[component]
pub fn Skeleton(
    /// The class of the shape.
    #[prop(default = "skeleton")]
    shape: &'static str,
    /// The number of bars.
    #[prop(default = 1)]
    count: usize,
) -> impl IntoView {
    (0..count).map(|_| view! { class="pf", <span class=shape aria-hidden="true"></span> }).collect_view()
}

/// The place of a field: its label and its input.
#[component]
pub fn FieldSkeleton(
    /// The class of the input's shape.
    #[prop(default = "skeleton")]
    shape: &'static str,
) -> impl IntoView {
    view! { class="pf",
        <div class="field">
            <Skeleton shape="skeleton skeleton-label" />
            <Skeleton shape=shape />
        </div>
    }
}
