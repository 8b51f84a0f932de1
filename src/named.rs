//! Enums whose variants have names: one table gives the variants, their order, and the names in files and results.

/// Defines an enum from its variants and their names, which are those of serde too.
macro_rules! named {
    (
        $(#[$meta:meta])*
        pub enum $enum:ident {
            $($(#[$of_variant:meta])* $variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(serde::Serialize)]
        pub enum $enum {
            $($(#[$of_variant])* #[serde(rename = $name)] $variant,)+
        }

        impl $enum {
            /// All of them, in order.
            pub const ALL: [$enum; [$($name),+].len()] = [$($enum::$variant),+];

            /// The name in files and results.
            pub const fn name(self) -> &'static str {
                match self {
                    $($enum::$variant => $name,)+
                }
            }

            /// The variant of a name.
            pub fn from_name(name: &str) -> Option<$enum> {
                $enum::ALL.into_iter().find(|one| one.name() == name)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    named! {
        /// Letters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Letter {
            /// The second.
            B = "beta",
            /// The first.
            A = "out-ranked alpha",
        }
    }

    #[test]
    fn a_variant_has_one_name_in_code_and_in_files_and_its_place_in_the_table() {
        assert_eq!(Letter::ALL, [Letter::B, Letter::A]);
        for letter in Letter::ALL {
            assert_eq!(serde_json::to_value(letter).unwrap(), letter.name());
            assert_eq!(Letter::from_name(letter.name()), Some(letter));
        }
        assert_eq!(Letter::from_name("Beta"), None);
    }
}
