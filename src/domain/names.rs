//! The public names of choices, as attributes, inputs and events spell them: each list stands once, beside its type.

/// Gives a closed choice its names, and the way back from a name.
macro_rules! names {
    ($choice:ident: $($variant:ident = $name:literal),+ $(,)?) => {
        impl $choice {
            /// All of them with their public names, the default first.
            pub const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// The public name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The choice of this public name, spelt exactly so.
            pub fn parse(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, choice)| *choice)
            }
        }
    };
}
