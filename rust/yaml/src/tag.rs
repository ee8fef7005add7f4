//! Tags: the type that a node says it has, or that its text implies.

/// The tags for which Salt's loader has a constructor, and all the others.
///
/// Source: `SafeConstructor` of `PyYAML` 6 with the changes of `salt.utils.yamlloader`, as Salt's YAML renderer calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Null,
    Bool,
    Integer,
    Float,
    Text,
    Binary,
    /// Text for Salt: the loader switches timestamps off.
    Timestamp,
    /// `!!python/unicode`, the one tag of the kind that Salt reads.
    PythonText,
    List,
    Map,
    /// A mapping for Salt, not a list of pairs.
    OrderedMap,
    Pairs,
    Set,
    /// `<<`: meaningful as a key only.
    Merge,
    /// `=`: meaningful as a key only.
    Default,
    /// Another tag of the kind `!!python/...`.
    Python,
    Unknown,
}

const STANDARD: &str = "tag:yaml.org,2002:";

impl Tag {
    /// The tag of this full name.
    pub(crate) fn named(name: &str) -> Self {
        let Some(suffix) = name.strip_prefix(STANDARD) else { return Self::Unknown };
        match suffix {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Integer,
            "float" => Self::Float,
            "str" => Self::Text,
            "binary" => Self::Binary,
            "timestamp" => Self::Timestamp,
            "python/unicode" => Self::PythonText,
            "seq" => Self::List,
            "map" => Self::Map,
            "omap" => Self::OrderedMap,
            "pairs" => Self::Pairs,
            "set" => Self::Set,
            "merge" => Self::Merge,
            "value" => Self::Default,
            _ if suffix.starts_with("python/") => Self::Python,
            _ => Self::Unknown,
        }
    }

    /// How the tag is written.
    pub(crate) fn written(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool => "!!bool",
            Self::Integer => "!!int",
            Self::Float => "!!float",
            Self::Text => "!!str",
            Self::Binary => "!!binary",
            Self::Timestamp => "!!timestamp",
            Self::PythonText => "!!python/unicode",
            Self::List => "!!seq",
            Self::Map => "!!map",
            Self::OrderedMap => "!!omap",
            Self::Pairs => "!!pairs",
            Self::Set => "!!set",
            Self::Merge => "!!merge",
            Self::Default => "!!value",
            Self::Python | Self::Unknown => "of this name",
        }
    }
}
