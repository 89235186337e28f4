// activity_sources: what said something about one activity: record, dataset, file and row
// params: $activity activity id
// columns: record STRING, dataset STRING, version INT, file STRING, source_row INT, reporter STRING, flagged BOOL, is_current BOOL
MATCH (r:Record {subject_id: $activity}), (v:DatasetVersion)
WHERE r.subject_kind = 'Activity' AND v.dataset = r.dataset AND (v.version = r.version_last OR (r.version_last IS NULL AND NOT EXISTS { MATCH (w:DatasetVersion) WHERE w.dataset = v.dataset AND w.version > v.version }))
RETURN r.id AS record, r.dataset AS dataset, v.version AS version, v.file AS file, r.row AS source_row, r.reporter AS reporter, r.flagged AS flagged, r.version_last IS NULL AS is_current
ORDER BY record
