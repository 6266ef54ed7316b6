//! The first form of a page, sent like a browser does.

pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    pub(crate) fn on(page: &str) -> Self {
        let form = page.split_once("<form").map(|(_, rest)| rest);
        let form = form.and_then(|rest| rest.split_once("</form>"));
        let (form, _) = form.unwrap_or_else(|| panic!("no form on {page}"));
        let (head, inside) = form.split_once('>').unwrap();
        let inputs = inside.split("<input").skip(1);
        let tags = inputs.map(|rest| rest.split('>').next().unwrap());
        let sent = tags.filter(|tag| attribute(tag, "type").as_deref() != Some("checkbox"));
        Self {
            action: attribute(head, "action").unwrap_or_default(),
            fields: sent
                .filter_map(|tag| {
                    let value = attribute(tag, "value").unwrap_or_default();
                    Some((attribute(tag, "name")?, value))
                })
                .collect(),
        }
    }

    /// Sets the value of a field, if the form has it.
    pub(crate) fn fill(&mut self, name: &str, value: &str) {
        for (_, held) in self.fields.iter_mut().filter(|(own, _)| own == name) {
            value.clone_into(held);
        }
    }

    /// Adds a field, for example that of a pressed button.
    pub(crate) fn press(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn body(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.fields).finish()
    }
}

/// The value of an attribute of a tag.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!(" {name}=\"");
    let (_, rest) = tag.split_once(&start)?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&#34;", "\"").replace("&amp;", "&"))
}
