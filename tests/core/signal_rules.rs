//! Tests that only `ui/state` can write signals, and that no effect writes one.

use crate::source_text::{holds, rust};

/// The types of the form's state. A writable signal of one of them must stay in `ui/state`.
const STATE: [&str; 6] = ["Arc<Draft>", "Arc<Machine>", "Arc<Statement>", "Arc<Checked>", "Load", "FormState"];

/// Components cannot write the form's signals, because no writable signal is visible outside `ui/state`.
#[test]
fn only_state_reaches_signals_that_can_be_written() {
    holds(
        |sources| {
            let mut broken = Vec::new();
            for source in rust(sources).filter(|source| source.path.starts_with("src/ui/")) {
                let is_state = source.path.starts_with("src/ui/state/");
                for kind in ["RwSignal<", "ArcRwSignal<", "WriteSignal<"] {
                    for (index, _) in source.code.match_indices(kind) {
                        let (before, after) = (&source.code[..index], &source.code[index + kind.len()..]);
                        let field = before.rsplit([',', '{', ';']).next().unwrap_or_default();
                        let is_open = if before.ends_with("->") { is_public_function(before) } else { is_public(field) };
                        let is_of_form = STATE.iter().any(|state| after.starts_with(&format!("{state}>")));
                        let is_reached = if is_state { is_open } else { is_of_form };
                        broken.extend(is_reached.then(|| format!("{} opens a signal: {field}{kind}", source.path)));
                    }
                }
            }
            broken
        },
        &[
            ("src/ui/state/form_state.rs", "pub struct FormState { kept: Inner, pub(in crate::ui) load: RwSignal<Load> }"),
            ("src/ui/state/form_state.rs", "pub struct FormState { pub now: RwSignal<u64> }"),
            ("src/ui/state/view_model.rs", "impl ViewModel { pub fn draft(self) -> RwSignal<Arc<Draft>> { self.draft } }"),
            ("src/ui/components/method_picker.rs", "#[component] fn Picker(draft: RwSignal<Arc<Draft>>) -> impl IntoView {}"),
        ],
    );
}

/// Tells whether a declaration is visible outside its folder.
fn is_public(declaration: &str) -> bool {
    declaration.starts_with("pub")
        && !["pub(super)", "pub(self)", "pub(in crate::ui::state)"].iter().any(|own| declaration.starts_with(own))
}

/// Tells whether the last function of a text is visible outside its folder.
fn is_public_function(text: &str) -> bool {
    let head = text.rfind("fn ").map_or("", |index| &text[..index]);
    is_public(head.rsplit(['}', '{', ';', ']']).next().unwrap_or_default())
}

/// A signal that an effect writes is drawn one step late, and two such effects can loop. A write in a timer or in a later frame is an event
/// of its own.
#[test]
fn no_effect_writes_a_signal() {
    const WRITES: [&str; 7] = [".set(", ".try_set(", ".update(", ".try_update(", ".write()", ".act(", ".toggle()"];
    holds(
        |sources| {
            let mut broken = Vec::new();
            for source in rust(sources) {
                for way in ["Effect::new", "RenderEffect::new", "Effect::watch", "create_effect"] {
                    for (index, _) in source.code.match_indices(way) {
                        let body = without_later(in_parentheses(&source.code[index..]));
                        let writes = WRITES.iter().filter(|write| body.contains(**write));
                        broken.extend(writes.map(|write| format!("{}: an effect calls {write}", source.path)));
                    }
                }
            }
            broken
        },
        &[
            ("src/ui/state/feed.rs", "Effect::new(move |_| { if form.load.get() == Load::Ready { form.asked.set(false); } });"),
            ("src/ui/components/a.rs", "Effect::new(move |_: Option<()>| form.draft.update(|draft| draft.clear()));"),
            ("src/ui/components/a.rs", "Effect::new(move |_| { browser::after(PAUSE, move || line.set(a)); line.set(b); });"),
            ("src/ui/components/a.rs", "Effect::watch(move || a.get(), move |a, _, _| *b.write() = *a, false);"),
        ],
    );
}

/// The body of an effect without the closures that run later, in a timer or a frame.
fn without_later(body: &str) -> String {
    let mut now = body.to_owned();
    for later in ["browser::after", "request_animation_frame"] {
        while let Some(index) = now.find(later) {
            let arguments = in_parentheses(&now[index..]).len();
            let open = now[index..].find('(').expect("a call");
            now.replace_range(index..index + open + arguments, "");
        }
    }
    now
}

/// The text between the first parenthesis and the one that closes it.
fn in_parentheses(text: &str) -> &str {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        *c == ')' && depth == 0
    });
    &text[text.find('(').unwrap_or(text.len())..end.map_or(text.len(), |(end, _)| end)]
}
