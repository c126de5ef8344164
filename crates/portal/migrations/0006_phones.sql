-- Legacy lists find phones by how they begin, as they are written.
CREATE INDEX crm_multifield_phone ON crm_multifield (type_id, value) WHERE type_id = 'PHONE';
