//! Making the file of a document.

use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Bytes, Made, Making};
use serde_json::{Value as Json, json};
use wire::Fault;

use crate::data::{self, Data};
use crate::docx;
use crate::template::{Template, own};

/// What a document is about.
#[derive(Clone, Debug)]
pub enum About {
    /// Something that only the integration knows.
    Rest,
    /// An item of the CRM.
    Item(std::sync::Arc<engine::entity::Entity>, i64),
}

/// What a document is made of.
#[derive(Clone, Debug)]
pub struct Work {
    /// What it is about.
    pub about: About,
    /// The values of the request, and those of requests before.
    pub values: Json,
    /// What types they have.
    pub descriptors: Json,
    /// Its number.
    pub number: String,
    /// When it was made.
    pub created: i64,
    /// Whether stamps and signatures are drawn.
    pub stamps: bool,
}

impl Work {
    /// Its data, and the same without what requests said.
    ///
    /// # Errors
    /// Those of the store.
    pub fn data(&self, call: &mut Call<'_, '_>, template: &Template) -> Result<(Data, Data)> {
        let clock = call.clock();
        let (mut data, mut usual) = match &self.about {
            About::Rest => (data::given(&self.values, &self.descriptors, &clock), Data::default()),
            About::Item(entity, id) => {
                let usual = data::item(call, entity, *id, data::my_company(&self.values))?;
                let mut data = usual.clone();
                data::overlay(&mut data, &self.values, &self.descriptors, &clock);
                (data, usual)
            }
        };
        for data in [&mut data, &mut usual] {
            own(data, &self.number, &template.name, self.created);
        }
        Ok((data, usual))
    }

    /// Makes the file, in the place of `old`; gives its number and the title of the document.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn render(
        &self,
        call: &mut Call<'_, '_>,
        template: &Template,
        old: Option<i64>,
    ) -> Result<(i64, String)> {
        let data = self.data(call, template)?.0;
        let plan = data.plan(&template.placeholders, &template.writing, self.stamps);
        let title = ["DocumentTitle".to_owned()];
        let title = data.plan(&title, &template.writing, false).texts.remove("DocumentTitle");
        let title = title.unwrap_or_default();
        let contents = [vec![template.content.clone()], plan.contents()].concat();
        let making = Making { of: contents, with: plan.write(), by: make };
        let name: String = title
            .chars()
            .filter(|letter| !letter.is_control() && !"/\\:*?\"<>|".contains(*letter))
            .take(150)
            .collect();
        let (id, _) = files::make(call, (&format!("{name}.docx"), docx::MIME), &making, old)?;
        Ok((id, title))
    }
}

static NOTHING: Bytes = Bytes::new();

fn make(contents: &[Bytes], plan: &str) -> std::result::Result<Made, Fault> {
    let (template, pictures) = contents.split_first().unwrap_or((&NOTHING, &[]));
    Ok(Made { content: docx::fill(template, pictures, plan)?, note: String::new() })
}

/// The values as a document keeps them, with what the real system notes there.
pub fn kept(values: &Json, stamps: bool) -> Json {
    let mut kept = json!({"productsTableVariant": "", "_creationMethod": "rest", "stampsEnabled": stamps});
    if let (Json::Object(kept), Json::Object(values)) = (&mut kept, values) {
        kept.extend(values.iter().map(|(code, value)| (code.clone(), value.clone())));
    }
    kept
}
