//! Defines a macro for the public names of closed choices, so that attributes, inputs and events share one list beside each type.

/// Gives a closed choice its public names, and a parser for them.
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

            /// The choice with exactly this public name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, choice)| *choice)
            }
        }
    };
}
