//! What demo records are made of. All of it is invented: numbers and hosts are of those that are nobody's.

use super::dice::Dice;

const FIRST: [&str; 40] = [
    "Alma", "Anton", "Beata", "Bruno", "Carla", "Cem", "Dalia", "David", "Edith", "Emil", "Farah", "Felix",
    "Greta", "Gustav", "Hana", "Henrik", "Ida", "Ivan", "Jana", "Jules", "Karin", "Kolja", "Lena", "Luca",
    "Maren", "Mikko", "Nadia", "Nils", "Oda", "Oskar", "Paula", "Quentin", "Rania", "Ruben", "Sofia",
    "Tarek", "Ulla", "Viktor", "Wanda", "Yusuf",
];
const LAST: [&str; 40] = [
    "Abel",
    "Anders",
    "Becker",
    "Bianchi",
    "Claes",
    "Cohen",
    "Dahl",
    "Dupont",
    "Ek",
    "Ferrer",
    "Fuchs",
    "Garcia",
    "Hansen",
    "Holm",
    "Ivanova",
    "Janssen",
    "Kaya",
    "Keller",
    "Lange",
    "Lindqvist",
    "Marek",
    "Moreau",
    "Novak",
    "Olsen",
    "Peeters",
    "Petrov",
    "Quist",
    "Rossi",
    "Ruiz",
    "Sand",
    "Schmitt",
    "Tanaka",
    "Toth",
    "Urban",
    "Vega",
    "Vogt",
    "Weber",
    "Wolff",
    "Yilmaz",
    "Zeller",
];
const STEMS: [&str; 32] = [
    "Alder", "Amber", "Anchor", "Basalt", "Beacon", "Birch", "Cobalt", "Copper", "Coral", "Delta", "Ember",
    "Estuary", "Falcon", "Fjord", "Gable", "Granite", "Harbour", "Heron", "Iris", "Juniper", "Kestrel",
    "Lantern", "Maple", "Meridian", "Nordic", "Orchard", "Pinnacle", "Quay", "Raven", "Sable", "Tide",
    "Willow",
];
const TRADES: [&str; 16] = [
    "Logistics",
    "Interiors",
    "Foods",
    "Clinics",
    "Software",
    "Print",
    "Studios",
    "Hotels",
    "Energy",
    "Tools",
    "Travel",
    "Textiles",
    "Consulting",
    "Bakery",
    "Shipping",
    "Gardens",
];
const FORMS: [&str; 6] = ["GmbH", "Ltd", "AG", "SARL", "AB", "BV"];
const QUALITIES: [&str; 16] = [
    "Oak",
    "Walnut",
    "Steel",
    "White",
    "Black",
    "Compact",
    "Large",
    "Folding",
    "Round",
    "Adjustable",
    "Outdoor",
    "Padded",
    "Low",
    "Tall",
    "Stackable",
    "Light",
];
const THINGS: [&str; 16] = [
    "desk",
    "chair",
    "shelf",
    "lamp",
    "cabinet",
    "table",
    "stool",
    "sofa",
    "screen",
    "locker",
    "bench",
    "rack",
    "counter",
    "wardrobe",
    "armchair",
    "sideboard",
];
const WISHES: [&str; 12] = [
    "Enquiry from the website",
    "Asks for a price list",
    "Wants a call back",
    "Met at the fair",
    "New office",
    "Move in spring",
    "Furniture for a lobby",
    "Second branch",
    "Repair and replacement",
    "Quote for 40 seats",
    "Asks for samples",
    "Recommended by a customer",
];
const TASKS: [&str; 12] = [
    "Prepare the offer",
    "Call back",
    "Check the delivery date",
    "Send samples",
    "Measure the rooms",
    "Ask for references",
    "Review the contract",
    "Plan the fitting",
    "Clear up the invoice",
    "Book the van",
    "Order spare parts",
    "Thank for the visit",
];
const SUBJECTS: [&str; 10] = [
    "First call",
    "Call about the offer",
    "Meeting in the showroom",
    "Visit on site",
    "Question about colours",
    "Negotiation",
    "Call about the delivery",
    "Reminder of the offer",
    "Handover",
    "Feedback after delivery",
];
const COMMENTS: [&str; 14] = [
    "Wants the offer by Friday.",
    "Budget is agreed.",
    "Compares three suppliers.",
    "Prefers oak to walnut.",
    "Decides after the holidays.",
    "Asked for a discount of five percent.",
    "Needs delivery before the move.",
    "Was not in; try again tomorrow.",
    "Very pleased with the samples.",
    "Legal department reads the contract.",
    "Sent the floor plan.",
    "Wants fewer chairs, but more desks.",
    "Pays within ten days.",
    "Will recommend us.",
];

/// A person's names.
pub fn person(dice: &mut Dice) -> (&'static str, &'static str) {
    (dice.one(&FIRST), dice.one(&LAST))
}

/// `Harbour Foods AB`
pub fn company(dice: &mut Dice) -> String {
    format!("{} {} {}", dice.one(&STEMS), dice.one(&TRADES), dice.one(&FORMS))
}

/// `Oak desk 40`
pub fn product(dice: &mut Dice) -> String {
    format!("{} {} {}", dice.one(&QUALITIES), dice.one(&THINGS), 10 * (1 + dice.below(40)))
}

/// What a lead is about.
pub fn wish(dice: &mut Dice) -> &'static str {
    dice.one(&WISHES)
}

/// What is to be done.
pub fn task(dice: &mut Dice) -> &'static str {
    dice.one(&TASKS)
}

/// What people spoke about.
pub fn subject(dice: &mut Dice) -> &'static str {
    dice.one(&SUBJECTS)
}

/// What somebody noted.
pub fn comment(dice: &mut Dice) -> &'static str {
    dice.one(&COMMENTS)
}

/// `oak desks`, for titles of deals.
pub fn goods(dice: &mut Dice) -> String {
    format!("{} {}s", dice.one(&QUALITIES), dice.one(&THINGS))
}

/// A number in Berlin from the range that is kept free for films and examples.
pub fn phone(dice: &mut Dice) -> String {
    format!("+493023125{:03}", dice.below(1000))
}

/// An address under a domain that is nobody's.
pub fn email(first: &str, last: &str, number: u32) -> String {
    format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase())
}
