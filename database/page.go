package database

// Page cuts rows that were asked for with one more than limit to limit, and says where the
// page after them begins: at the cursor of the last row, which is empty after the last page.
func Page[T any](rows []T, limit int, cursor func(*T) string) (page []T, next string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], cursor(&rows[limit-1])
}
