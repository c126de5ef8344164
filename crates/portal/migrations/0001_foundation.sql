-- What every portal has. The columns of entities (crm_lead, .., and most of portal_user) are made by the
-- entity engine from their field tables, which are the one place that lists them.

CREATE TABLE portal_state (
    name {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL
) {clustered};

CREATE TABLE portal_user (
    id {id},
    active {text} NOT NULL,
    is_admin {int} NOT NULL,
    email {text} NOT NULL,
    time_zone {text}
);

CREATE UNIQUE INDEX portal_user_email ON portal_user (email);

CREATE TABLE portal_account (
    user_id {int} NOT NULL PRIMARY KEY REFERENCES portal_user (id),
    password {text} NOT NULL
);

CREATE TABLE portal_session (
    lookup {blob} NOT NULL PRIMARY KEY,
    user_id {int} NOT NULL REFERENCES portal_user (id),
    created {int} NOT NULL,
    expires {int} NOT NULL
);

CREATE TABLE department (
    id {id},
    name {text} NOT NULL,
    sort {int} NOT NULL,
    parent {int},
    uf_head {int}
);

CREATE TABLE department_member (
    user_id {int} NOT NULL,
    department_id {int} NOT NULL,
    PRIMARY KEY (user_id, department_id)
);

CREATE TABLE hook (
    id {id},
    user_id {int} NOT NULL REFERENCES portal_user (id),
    title {text} NOT NULL,
    comment {text} NOT NULL,
    lookup {blob} NOT NULL,
    sealed {blob} NOT NULL,
    scopes {text} NOT NULL,
    active {text} NOT NULL,
    created {int} NOT NULL,
    expires {int},
    last_used {int},
    last_address {text}
);

CREATE UNIQUE INDEX hook_lookup ON hook (lookup);
CREATE INDEX hook_user ON hook (user_id);

CREATE TABLE crm_count (
    id {int} NOT NULL PRIMARY KEY,
    items {int} NOT NULL
);

CREATE TABLE crm_multifield (
    id {id},
    entity_type_id {int} NOT NULL,
    item_id {int} NOT NULL,
    type_id {text} NOT NULL,
    value_type {text} NOT NULL,
    value {text} NOT NULL,
    folded {text} NOT NULL
);

CREATE INDEX crm_multifield_item ON crm_multifield (entity_type_id, item_id);
CREATE INDEX crm_multifield_value ON crm_multifield (type_id, folded);

CREATE TABLE crm_binding (
    owner_type_id {int} NOT NULL,
    owner_id {int} NOT NULL,
    target_type_id {int} NOT NULL,
    target_id {int} NOT NULL,
    sort {int} NOT NULL,
    role_id {int} NOT NULL,
    is_primary {text} NOT NULL,
    PRIMARY KEY (owner_type_id, owner_id, target_type_id, target_id)
);

CREATE INDEX crm_binding_target ON crm_binding (target_type_id, target_id, owner_type_id);

CREATE TABLE crm_status (
    id {id},
    entity_id {text} NOT NULL,
    status_id {text} NOT NULL,
    name {text} NOT NULL,
    name_init {text} NOT NULL,
    sort {int} NOT NULL,
    system {text} NOT NULL,
    category_id {int},
    color {text},
    semantics {text}
);

CREATE UNIQUE INDEX crm_status_code ON crm_status (entity_id, status_id);

CREATE TABLE crm_category (
    id {id},
    entity_type_id {int} NOT NULL,
    name {text} NOT NULL,
    sort {int} NOT NULL,
    is_default {text} NOT NULL,
    created {int} NOT NULL,
    origin_id {text} NOT NULL,
    originator_id {text} NOT NULL
);

CREATE TABLE crm_user_field (
    id {id},
    entity_type_id {int} NOT NULL,
    field_name {text} NOT NULL,
    user_type_id {text} NOT NULL,
    xml_id {text},
    sort {int} NOT NULL,
    multiple {text} NOT NULL,
    mandatory {text} NOT NULL,
    show_filter {text} NOT NULL,
    show_in_list {text} NOT NULL,
    edit_in_list {text} NOT NULL,
    is_searchable {text} NOT NULL,
    settings {text} NOT NULL,
    labels {text} NOT NULL
);

CREATE UNIQUE INDEX crm_user_field_name ON crm_user_field (entity_type_id, field_name);

CREATE TABLE crm_user_field_choice (
    id {id},
    field_id {int} NOT NULL REFERENCES crm_user_field (id),
    value {text} NOT NULL,
    is_default {text} NOT NULL,
    sort {int} NOT NULL,
    xml_id {text} NOT NULL
);

CREATE INDEX crm_user_field_choice_field ON crm_user_field_choice (field_id);

CREATE TABLE crm_product_row (
    id {id},
    owner_type {text} NOT NULL,
    owner_id {int} NOT NULL,
    product_id {int} NOT NULL,
    product_name {text} NOT NULL,
    price {real} NOT NULL,
    price_exclusive {real} NOT NULL,
    price_netto {real} NOT NULL,
    price_brutto {real} NOT NULL,
    quantity {real} NOT NULL,
    discount_type_id {int} NOT NULL,
    discount_rate {real} NOT NULL,
    discount_sum {real} NOT NULL,
    tax_rate {real},
    tax_included {text} NOT NULL,
    customized {text} NOT NULL,
    measure_code {int} NOT NULL,
    measure_name {text} NOT NULL,
    sort {int} NOT NULL,
    xml_id {text} NOT NULL,
    type {int} NOT NULL,
    store_id {int}
);

CREATE INDEX crm_product_row_owner ON crm_product_row (owner_type, owner_id);

CREATE TABLE crm_role (
    id {id},
    name {text} NOT NULL
);

CREATE TABLE crm_role_permission (
    role_id {int} NOT NULL REFERENCES crm_role (id),
    entity {text} NOT NULL,
    act {text} NOT NULL,
    level {text} NOT NULL,
    PRIMARY KEY (role_id, entity, act)
);

CREATE TABLE crm_role_member (
    role_id {int} NOT NULL REFERENCES crm_role (id),
    access_code {text} NOT NULL,
    PRIMARY KEY (role_id, access_code)
);

CREATE TABLE portal_file (
    id {id},
    name {text} NOT NULL,
    content {blob} NOT NULL,
    created {int} NOT NULL
);
