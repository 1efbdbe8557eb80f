//! Makes one object of each shape that is put together from others. A part that forbids other fields, as what is entered
//! does, would else forbid those of the whole.

use std::collections::BTreeMap;

use utoipa::openapi::{
    RefOr,
    schema::{ArrayItems, Components, Object, Schema},
};

type Known = BTreeMap<String, RefOr<Schema>>;

/// Replaces every `allOf` among the components by one object with all the fields, and says that a point has two numbers.
pub(super) fn settle(components: &mut Components) {
    let known: Known = components.schemas.clone().into_iter().collect();
    for schema in components.schemas.values_mut() {
        visit(schema, &known);
    }
}

fn visit(schema: &mut RefOr<Schema>, known: &Known) {
    if let RefOr::T(Schema::AllOf(_)) = schema
        && let Some(mut whole) = object(schema, known)
    {
        whole.additional_properties = None;
        *schema = RefOr::T(Schema::Object(whole));
    }
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.values_mut().for_each(|part| visit(part, known)),
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                visit(items, known);
                if let RefOr::T(Schema::Array(inner)) = items.as_mut() {
                    (inner.min_items, inner.max_items) = (Some(2), Some(2));
                }
            }
        }
        _ => {}
    }
}

/// The schema as one object, if it can be one.
fn object(schema: &RefOr<Schema>, known: &Known) -> Option<Object> {
    match schema {
        RefOr::Ref(reference) => object(known.get(reference.ref_location.rsplit('/').next()?)?, known),
        RefOr::T(Schema::Object(object)) => Some(object.clone()),
        RefOr::T(Schema::AllOf(parts)) => {
            let mut whole = Object::default();
            for part in &parts.items {
                let part = object(part, known)?;
                whole.properties.extend(part.properties);
                whole.required.extend(part.required);
                whole.schema_type = part.schema_type;
            }
            whole.description.clone_from(&parts.description);
            Some(whole)
        }
        RefOr::T(_) => None,
    }
}
