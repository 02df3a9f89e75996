//! Draws the parts that the review and the receipt share: facts by their labels, and the invoices of a payment with their amounts.

use leptos::prelude::*;

/// One fact about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
    /// True when the value is a text of the host or the payer, which may be written in another direction than the sentences.
    pub is_foreign: bool,
}

impl Fact {
    /// A fact with a value; none where the value is missing or empty.
    pub fn new(label: String, value: impl Into<Option<String>>) -> Option<Self> {
        value.into().filter(|value| !value.is_empty()).map(|value| Self { label, value, is_foreign: false })
    }

    /// A fact whose value is a text of the host or the payer.
    pub fn foreign(label: String, value: Option<String>) -> Option<Self> {
        Self::new(label, value).map(|fact| Self { is_foreign: true, ..fact })
    }
}

/// A list of facts, one in a line: the label at the start, the value at the end.
#[component]
pub fn Facts(
    /// The facts.
    facts: Vec<Fact>,
) -> impl IntoView {
    let lines = facts.into_iter().map(|Fact { label, value, is_foreign }| {
        // The full stop of a Latin name would otherwise stand at its other end in an Arabic form.
        let value = if is_foreign { view! { class="pf", <bdi>{value}</bdi> }.into_any() } else { value.into_any() };
        view! { class="pf",
            <div class="fact">
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { class="pf", <dl class="facts">{lines.collect_view()}</dl> }
}

/// One invoice of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareLine {
    /// The number printed on the invoice.
    pub number: String,
    /// The invoice's share.
    pub share: String,
    /// The balance that remains; `None` where the balance before is not known.
    pub left: Option<String>,
    /// True when nothing remains.
    pub is_covered: bool,
}

/// The invoices of a payment, each with its share and the balance that remains, and the sum below them. Without an invoice only the rows of the
/// sum are drawn.
///
/// Accessibility: a table with a caption out of sight, a header for each column and each row.
#[component]
pub fn ShareTable(
    /// The caption.
    caption: String,
    /// The labels of the columns: invoice, share, remaining balance. The last column is left out where no line knows its balance.
    columns: [String; 3],
    /// The invoices.
    lines: Vec<ShareLine>,
    /// The rows below the invoices, each with its label and its amount. The last one is the sum.
    sums: Vec<Fact>,
) -> impl IntoView {
    let knows_left = lines.iter().any(|line| line.left.is_some());
    let head = (!lines.is_empty()).then(|| view! { class="pf", <Head columns=columns knows_left=knows_left /> });
    let rows = lines.into_iter().map(|line| {
        view! { class="pf",
            <tr>
                <th scope="row">
                    <bdi>{line.number}</bdi>
                </th>
                <td class="numeric">{line.share}</td>
                {knows_left.then(|| view! { class="pf", <td class="numeric" class:paid=line.is_covered>{line.left}</td> })}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let sums = sums.into_iter().map(|Fact { label, value, .. }| {
        view! { class="pf",
            <tr>
                <th scope="row">{label}</th>
                <td class="numeric">{value}</td>
                {knows_left.then(|| view! { class="pf", <td></td> })}
            </tr>
        }
    });
    let sums = sums.collect_view();
    view! { class="pf",
        <table class="shares">
            <caption class="visually-hidden">{caption}</caption>
            {head}
            <tbody>{rows}</tbody>
            <tfoot>{sums}</tfoot>
        </table>
    }
}

/// The labels of the columns.
#[component]
fn Head(columns: [String; 3], knows_left: bool) -> impl IntoView {
    let [invoice, share, left] = columns;
    view! { class="pf",
        <thead>
            <tr>
                <th scope="col">{invoice}</th>
                <th scope="col" class="numeric">
                    {share}
                </th>
                {knows_left
                    .then(|| view! { class="pf",
                        <th scope="col" class="numeric">
                            {left}
                        </th>
                    })}
            </tr>
        </thead>
    }
}
