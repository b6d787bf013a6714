//! One definition of a section gives struct, decoder, accepted keys, short form, defaults, schema and paths.

/// Words of which one is the answer.
///
/// ```text
/// choice! {
///     /// What kind of process a service is.
///     pub enum ServiceKind {
///         /// Answers requests.
///         Web = "web",
///     }
/// }
/// ```
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal $(| $alias:literal)* ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        pub enum $name { $( $(#[doc = $doc])+ #[serde(rename = $word)] $variant ),+ }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $( $word $(| $alias)* => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl $crate::spec::decode::Decode for $name {
            fn decode(node: &$crate::spec::tree::Node, cx: &mut $crate::spec::decode::Context) -> Option<Self> {
                let word = $crate::spec::scalar::bare(node, cx, "one word")?;
                let found = Self::from_word(word);
                if found.is_none() {
                    $crate::spec::scalar::not_a_word(node, word, Self::WORDS, cx);
                }
                found
            }

            fn poisoned() -> Self {
                let all = [$(Self::$variant),+];
                all[0]
            }

            fn schema(_: &mut $crate::spec::decode::Definitions) -> serde_json::Value {
                let alternatives = [$(
                    serde_json::json!({ "const": $word, "description": $crate::spec::decode::about(&[$($doc),+]) })
                ),+];
                let aliases: Vec<&str> = vec![$($($alias,)*)+];
                let mut all = alternatives.to_vec();
                for alias in aliases {
                    all.push(match alias {
                        "true" => serde_json::json!({ "const": true }),
                        "false" => serde_json::json!({ "const": false }),
                        word => serde_json::json!({ "const": word }),
                    });
                }
                serde_json::json!({ "oneOf": all })
            }
        }
    };
}

/// A map with known keys.
///
/// `short KEY`: a bare value stands for that key. `then FUNCTION`: looks at the whole once decoded.
/// A field is `name: Type`, `name as "key": Type`, or with `= "default as written in the file"`.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        pub struct $name:ident $(short $short:ident)? $(then $then:path)? {
            $( $(#[doc = $doc:literal])+ $field:ident $(as $key:literal)? : $type:ty $(= $default:literal)? ),* $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: $type, )*
            /// The reason for these answers, printed beside them.
            pub because: Option<$crate::spec::scalar::Text>,
        }

        impl Default for $name {
            fn default() -> Self {
                <Self as $crate::spec::decode::Decode>::poisoned()
            }
        }

        impl $crate::spec::decode::Decode for $name {
            fn decode(node: &$crate::spec::tree::Node, cx: &mut $crate::spec::decode::Context) -> Option<Self> {
                let short = section!(@short $($short)?);
                let mut keys = $crate::spec::decode::Keys::open(node, short, cx)?;
                #[allow(unused_mut)]
                let mut made = Self {
                    $( $field: keys.take(section!(@key $field $($key)?), section!(@default $($default)?), cx), )*
                    because: keys.take("because", None, cx),
                };
                keys.finish(cx);
                $( $then(&mut made, node, cx); )?
                Some(made)
            }

            fn poisoned() -> Self {
                let mut silent = $crate::spec::decode::Context::default();
                let nothing = $crate::spec::tree::Node::empty();
                let mut keys = $crate::spec::decode::Keys::fresh(&nothing);
                let cx = &mut silent;
                Self {
                    $( $field: keys.take(section!(@key $field $($key)?), section!(@default $($default)?), cx), )*
                    because: None,
                }
            }

            fn schema(defs: &mut $crate::spec::decode::Definitions) -> serde_json::Value {
                let name = stringify!($name);
                if !defs.contains_key(name) {
                    defs.insert(name.to_owned(), serde_json::Value::Null);
                    let fields = vec![
                        $( $crate::spec::decode::Field {
                            key: section!(@key $field $($key)?),
                            about: $crate::spec::decode::about(&[$($doc),+]),
                            default: section!(@default $($default)?),
                            required: section!(@default $($default)?).is_none()
                                && <$type as $crate::spec::decode::Decode>::absent().is_none(),
                            schema: <$type as $crate::spec::decode::Decode>::schema(defs),
                        }, )*
                        $crate::spec::decode::because_field(),
                    ];
                    let about = $crate::spec::decode::about(&[$($about),+]);
                    let schema = $crate::spec::decode::section_schema(&about, fields, section!(@short $($short)?));
                    defs.insert(name.to_owned(), schema);
                }
                serde_json::json!({ "$ref": format!("#/$defs/{name}") })
            }

            fn shape() -> $crate::spec::decode::Shape {
                $crate::spec::decode::Shape::Object(vec![
                    $( (section!(@field $field), <$type as $crate::spec::decode::Decode>::shape()), )*
                    ("because", $crate::spec::decode::Shape::Scalar),
                ])
            }
        }
    };
    (@short) => { None };
    (@short $short:ident) => { Some(section!(@field $short)) };
    (@default) => { None::<&'static str> };
    (@default $default:literal) => { Some($default) };
    (@key $field:ident) => { section!(@field $field) };
    (@key $field:ident $key:literal) => { $key };
    (@field $field:ident) => { stringify!($field).trim_start_matches("r#") };
}

pub(crate) use {choice, section};
