//! What Home Assistant is told of the cellar, so that it shows it as a device without a line of configuration. The form is that of
//! its device discovery (Home Assistant 2024.11 and later): one retained message for the device with all its entities.

use models::{event::EventKind, proposal::Answer};
use serde_json::{Map, Value, json};

use super::{Broker, states::PLACES};

/// What a question's place says when it asks nothing, and when it waits for an answer.
const STATES: [&str; 2] = ["no question", "waiting"];

/// Where Home Assistant looks, and what it is to find there. `racks`: identifier and name of each.
pub(super) fn device(broker: &Broker, racks: &[(String, String)], address: Option<&str>) -> Option<(String, Value)> {
    let prefix = broker.discovery.as_ref()?;
    let id: String = broker.topic.chars().map(|c| if c == '/' { '_' } else { c }).collect();
    let mut entities = Map::new();
    let mut add = |key: String, platform: &str, name: &str, rest: Value| {
        let mut entity = json!({ "platform": platform, "unique_id": format!("{id}_{key}"), "name": name });
        if let (Some(entity), Value::Object(rest)) = (entity.as_object_mut(), rest) {
            entity.extend(rest);
        }
        entities.insert(key, entity);
    };
    let state = broker.topic("state");
    let count = |key: &str, icon: &str| {
        json!({
            "state_topic": state, "value_template": format!("{{{{ value_json.{key} }}}}"), "state_class": "measurement",
            "unit_of_measurement": "bottles", "icon": icon,
        })
    };
    add("bottles".to_owned(), "sensor", "Bottles", count("bottles", "mdi:bottle-wine"));
    add("unplaced".to_owned(), "sensor", "Bottles to put away", count("unplaced", "mdi:bottle-wine-outline"));
    add("opened".to_owned(), "sensor", "Open bottles", count("opened", "mdi:glass-wine"));
    add(
        "proposals".to_owned(),
        "sensor",
        "Open questions",
        json!({
            "state_topic": state, "value_template": "{{ value_json.proposals }}", "state_class": "measurement",
            "unit_of_measurement": "questions", "icon": "mdi:help-circle-outline",
        }),
    );
    add(
        "last_scan".to_owned(),
        "sensor",
        "Last scan",
        json!({
            "state_topic": state, "device_class": "timestamp", "value_template": "{{ value_json.last_scan.at if value_json.last_scan else None }}",
            "json_attributes_topic": state, "json_attributes_template": "{{ (value_json.last_scan or {}) | tojson }}",
        }),
    );
    add(
        "last_scan_result".to_owned(),
        "sensor",
        "Last scan's result",
        json!({
            "state_topic": state, "value_template": "{{ value_json.last_scan.status if value_json.last_scan else 'none' }}",
            "icon": "mdi:camera-outline",
        }),
    );
    add(
        "scanning".to_owned(),
        "sensor",
        "Camera",
        json!({ "state_topic": state, "value_template": "{{ value_json.scanning }}", "icon": "mdi:camera-iris" }),
    );
    add(
        "problem".to_owned(),
        "binary_sensor",
        "Problem",
        json!({
            "state_topic": state, "device_class": "problem", "value_template": "{{ 'ON' if value_json.problems else 'OFF' }}",
            "json_attributes_topic": broker.topic("problems"), "entity_category": "diagnostic",
        }),
    );
    add(
        "scan".to_owned(),
        "button",
        "Scan now",
        json!({ "command_topic": broker.topic("scan/set"), "payload_press": "PRESS", "icon": "mdi:camera" }),
    );
    let kinds: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    add(
        "event".to_owned(),
        "event",
        "Event",
        json!({
            "state_topic": broker.topic("event"), "event_types": kinds, "icon": "mdi:bell-outline",
            "value_template": "{{ {'event_type': value_json.kind, 'text': value_json.text, 'link': value_json.link} | tojson }}",
        }),
    );
    for (rack, name) in racks {
        let topic = broker.topic(&format!("rack/{rack}"));
        add(
            format!("rack_{}", rack.replace('-', "")),
            "sensor",
            &format!("{name} fill"),
            json!({
                "state_topic": topic, "value_template": "{{ value_json.fill }}", "unit_of_measurement": "%",
                "state_class": "measurement", "icon": "mdi:view-grid", "json_attributes_topic": topic,
            }),
        );
    }
    for place in 1..=PLACES {
        question(broker, place, &mut add);
    }
    let version = env!("CARGO_PKG_VERSION");
    let mut device = json!({
        "identifiers": [format!("winecellar_{id}")], "name": "Wine cellar", "manufacturer": "winecellar",
        "model": "Wine cellar", "sw_version": version,
    });
    if let Some(address) = address {
        device["configuration_url"] = json!(address);
    }
    let told = json!({
        "device": device, "origin": { "name": "winecellar", "sw_version": version },
        "availability_topic": broker.topic("status"), "qos": 1, "components": entities,
    });
    Some((format!("{prefix}/device/{id}/config"), told))
}

/// A question: its answers as a choice, which names the question that was shown, and its picture.
fn question(broker: &Broker, place: usize, add: &mut impl FnMut(String, &str, &str, Value)) {
    let topic = broker.topic(&format!("question/{place}"));
    let options: Vec<&str> = STATES.into_iter().chain(Answer::ALL.iter().map(|answer| answer.as_str())).collect();
    add(
        format!("question_{place}"),
        "select",
        &format!("Question {place}"),
        json!({
            "state_topic": topic, "value_template": "{{ value_json.state }}", "options": options,
            "json_attributes_topic": topic, "command_topic": broker.topic("answer/set"), "icon": "mdi:help-circle",
            "command_template": "{{ {'proposal': this.attributes.proposal | default(''), 'answer': value} | tojson }}",
        }),
    );
    add(
        format!("question_{place}_picture"),
        "image",
        &format!("Question {place} picture"),
        json!({ "image_topic": format!("{topic}/picture"), "content_type": "image/jpeg" }),
    );
}
