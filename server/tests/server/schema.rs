//! Checks real answers by the part of JSON Schema that `openapi.json` uses.

use serde_json::Value;

/// Everything in which `value` is not what `schema` says; `root` resolves references.
pub fn differences(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return differences(root, resolve(root, reference), value, path);
    }
    let mut found = Vec::new();
    if let Some(one_of) = schema["oneOf"].as_array() {
        let fits = one_of.iter().filter(|schema| differences(root, schema, value, path).is_empty()).count();
        if fits != 1 {
            found.push(format!("{path}: {value} fits {fits} of the alternatives"));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if !types.is_empty() && !types.iter().any(|name| is(value, name)) {
        found.push(format!("{path}: {value} is not {types:?}"));
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        found.push(format!("{path}: {value} is not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        found.push(format!("{path}: {value} is none of {}", schema["enum"]));
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(format!("{path}: `{name}` is missing"));
            }
        }
        for (name, value) in members {
            match schema["properties"].get(name) {
                Some(schema) => found.append(&mut differences(root, schema, value, &format!("{path}.{name}"))),
                None if schema.get("properties").is_some() => found.push(format!("{path}: `{name}` is not described")),
                None => {}
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            found.append(&mut differences(root, schema, item, &format!("{path}[{index}]")));
        }
    }
    found
}

/// The value that a reference within the document points to.
pub fn resolve<'a>(root: &'a Value, reference: &str) -> &'a Value {
    root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("no such type: {name}"),
    }
}
