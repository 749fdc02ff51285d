UPDATE documents SET due_at = CURRENT_TIMESTAMP WHERE kind = 'captions';
