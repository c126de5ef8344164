-- What a role may do: with a site, or with number 0 with all sites that it has nothing else said of.
CREATE TABLE landing_role_right (
    role_id {int} NOT NULL,
    site_id {int} NOT NULL,
    operation {text} NOT NULL,
    PRIMARY KEY (role_id, site_id, operation)
);

-- Who has a role.
CREATE TABLE landing_role_code (
    role_id {int} NOT NULL,
    access_code {text} NOT NULL,
    PRIMARY KEY (role_id, access_code)
);

-- What access codes may do with a site where there are no roles.
CREATE TABLE landing_site_right (
    site_id {int} NOT NULL,
    access_code {text} NOT NULL,
    operation {text} NOT NULL,
    PRIMARY KEY (site_id, access_code, operation)
);

-- Pages that have a part to play in a site: its catalog, its cart.
CREATE TABLE landing_syspage (
    id {id},
    site_id {int} NOT NULL,
    type {text} NOT NULL,
    landing_id {int} NOT NULL
);

CREATE UNIQUE INDEX landing_syspage_of ON landing_syspage (site_id, type);
CREATE INDEX landing_syspage_page ON landing_syspage (landing_id);

-- Pages that fill the areas of a template: of a site (S) or of a page (L).
CREATE TABLE landing_area (
    entity_type {text} NOT NULL,
    entity_id {int} NOT NULL,
    area {int} NOT NULL,
    landing_id {int} NOT NULL,
    PRIMARY KEY (entity_type, entity_id, area)
);

CREATE INDEX landing_area_page ON landing_area (landing_id);

-- Where knowledge bases are shown: at a group (G) or in a menu (M).
CREATE TABLE landing_binding (
    id {id},
    binding_type {text} NOT NULL,
    binding_id {text} NOT NULL,
    site_id {int} NOT NULL
);

CREATE UNIQUE INDEX landing_binding_of ON landing_binding (binding_type, binding_id, site_id);
