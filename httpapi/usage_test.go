package httpapi

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
)

// entries are the lines of a page of usage.
func entries(a answer) []map[string]any {
	list, _ := a.body["usage"].([]any)
	var all []map[string]any
	for _, line := range list {
		entry, _ := line.(map[string]any)
		all = append(all, entry)
	}
	return all
}

func TestUsage(t *testing.T) {
	s := start(t, Config{})
	asset, other := s.film(t, "=HYPERLINK(\"http://evil\")"), s.film(t, "Other")
	_, err := s.accounts.Add(t.Context(), "p@example.com", password, accounts.Professional, accounts.Profile{Name: "+Zoë", Organisation: "A, \"B\" & C"})
	check(t, err)
	professional, editor, admin := s.signedIn(t, "p@example.com"), s.person(t, "e@example.com", accounts.Editor), s.person(t, "a@example.com", accounts.Admin)
	path := "/v1/assets/" + asset.ID + "/usage"
	if a := editor.ask(t, "GET", path, nil).must(t, 200); len(entries(a)) != 0 || !strings.Contains(a.raw, `"usage":[]`) {
		t.Errorf("before anything is taken: %s", a.raw)
	}
	for range 2 {
		professional.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{}, "Idempotency-Key", "key").must(t, 200)
	}
	professional.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{"format": "h264-360p"}).must(t, 202) // nothing is given yet
	professional.ask(t, "POST", "/v1/assets/"+other.ID+"/downloads", fields{}).must(t, 200)
	clip := professional.clip(t, asset.ID)
	for range 3 {
		professional.ask(t, "GET", "/v1/clips/"+clip, nil).must(t, 200)
	}
	professional.ask(t, "GET", "/v1/assets/"+asset.ID, nil).must(t, 200) // watching does not count

	a := editor.ask(t, "GET", path, nil).must(t, 200)
	list := entries(a)
	if len(list) != 2 || list[0]["took"] != "part" || list[0]["marks"] != "10:00:01:00-10:00:02:00" || list[1]["took"] != "whole" || list[1]["format"] != "source" {
		t.Fatalf("taken: %s", a.raw)
	}
	if who, _ := list[0]["person"].(map[string]any); who["name"] != "+Zoë" || who["email"] != "p@example.com" || who["organisation"] != `A, "B" & C` {
		t.Errorf("by %v", who)
	}
	if all := entries(admin.ask(t, "GET", "/v1/usage", nil).must(t, 200)); len(all) != 3 {
		t.Errorf("all that was taken: %v", all)
	}
	who, _ := list[0]["person"].(map[string]any)
	for id, want := range map[any]int{who["id"]: 3, "none": 0} {
		if got := entries(admin.ask(t, "GET", fmt.Sprintf("/v1/usage?person=%v", id), nil).must(t, 200)); len(got) != want {
			t.Errorf("%v took %v", id, got)
		}
	}
	first := admin.ask(t, "GET", "/v1/usage?limit=2", nil).must(t, 200)
	rest := admin.ask(t, "GET", "/v1/usage?limit=2&cursor="+first.text("next"), nil).must(t, 200)
	if len(entries(first)) != 2 || len(entries(rest)) != 1 || rest.text("next") != "" {
		t.Errorf("by pages: %s, %s", first.raw, rest.raw)
	}
	editor.ask(t, "GET", "/v1/assets/none/usage", nil).must(t, 404)
	editor.ask(t, "GET", path+"?format=xml", nil).must(t, 422)

	for _, table := range []answer{editor.ask(t, "GET", path+"?format=csv", nil).must(t, 200), editor.ask(t, "GET", path, nil, "Accept", "text/csv, */*;q=0.1").must(t, 200)} {
		if !strings.HasPrefix(table.header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(table.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the table comes as %v", table.header)
		}
		lines, err := csv.NewReader(strings.NewReader(table.raw)).ReadAll()
		check(t, err)
		if len(lines) != 3 || lines[1][2] != "'=HYPERLINK(\"http://evil\")" || lines[1][3] != "part" || lines[1][7] != "'+Zoë" || lines[1][8] != `A, "B" & C` {
			t.Errorf("the table is %q", lines)
		}
	}

	_, err = s.parts.DB.NewDelete().Model((*accounts.Person)(nil)).Where("email = ?", "p@example.com").Exec(t.Context())
	check(t, err)
	a = editor.ask(t, "GET", path, nil).must(t, 200)
	if list := entries(a); len(list) != 2 || list[0]["person"] != nil || strings.Contains(a.raw, "p@example.com") {
		t.Errorf("with the account gone: %s", a.raw)
	}
}

// TestUsageTable exports more than a page.
func TestUsageTable(t *testing.T) {
	s := start(t, Config{})
	asset, admin := s.film(t, "Film"), s.person(t, "a@example.com", accounts.Admin)
	for i := range 2*catalog.MaxPage + 1 {
		s.catalog.TookAsset(t.Context(), catalog.Asker{ID: strconv.Itoa(i)}, &asset, "source", int64(i), catalog.Idempotency{})
	}
	lines, err := csv.NewReader(strings.NewReader(admin.ask(t, "GET", "/v1/usage?format=csv", nil).must(t, 200).raw)).ReadAll()
	check(t, err)
	seen := map[string]bool{}
	for _, line := range lines {
		seen[line[6]] = true
	}
	if len(lines) != 2*catalog.MaxPage+2 || len(seen) != len(lines) {
		t.Errorf("the table has %d lines, %d of them different", len(lines), len(seen))
	}
}

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "Film": "Film", "10:00": "10:00", "a=b": "a=b", "'tis": "'tis",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"\u3000=1": "'\u3000=1", "\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠1": "'＠1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}
