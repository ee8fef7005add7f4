//! The JSON Schema of a pillar, made from the types.

use crate::pillar::Pillar;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

/// A pillar file: everything else in it is somebody else's.
#[derive(JsonSchema, Serialize)]
struct File {
    /// A highly available Kubernetes cluster.
    #[allow(dead_code)]
    k8s_ha: Pillar,
}

/// The JSON Schema (draft 2020-12) of a pillar file with the root key `k8s_ha`, as indented text with a newline at its end.
#[must_use]
pub fn json_schema() -> String {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(close));
    let mut schema: Schema = SchemaGenerator::new(settings).into_root_schema_for::<File>();
    // Other root keys belong to other formulas.
    schema.remove("additionalProperties");
    schema.insert("title".to_owned(), "Pillar of saltext-k8s-ha".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Unknown keys are errors, as they are for the reader.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}
