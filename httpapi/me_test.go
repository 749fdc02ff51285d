package httpapi

import (
	"strings"
	"testing"
	"time"

	"subclip/accounts"

	"github.com/pquerna/otp/totp"
)

func TestOwnAccount(t *testing.T) {
	s := start(t, Config{})
	zoe, admin := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "admin@example.com", accounts.Admin)
	const fresh = "Another-Password-1!"
	if a := zoe.ask(t, "PUT", "/v1/me/password", fields{"current_password": fresh, "password": fresh}).must(t, 422); !strings.Contains(a.raw, `"location":"body.current_password"`) {
		t.Errorf("the wrong one is not named: %s", a.raw)
	}
	zoe.ask(t, "PUT", "/v1/me/password", fields{"current_password": password, "password": fresh}).must(t, 204)
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)

	ticket := zoe.ask(t, "POST", "/v1/me/email", fields{"current_password": fresh, "email": "new@example.com"}).must(t, 202)
	code := s.box.Await(t, "new@example.com", 1).Code(t)
	admin.ask(t, "POST", "/v1/me/email/"+ticket.text("id")+"/confirm", fields{"code": code}).must(t, 422)
	moved := zoe.ask(t, "POST", "/v1/me/email/"+ticket.text("id")+"/confirm", fields{"code": code}).must(t, 200)
	if moved.text("email") != "new@example.com" {
		t.Errorf("this is %s", moved.raw)
	}

	secret := zoe.ask(t, "POST", "/v1/me/second-factor", fields{"current_password": fresh}).must(t, 200).text("secret")
	digits, err := totp.GenerateCode(secret, time.Now())
	check(t, err)
	codes, _ := zoe.ask(t, "POST", "/v1/me/second-factor/confirm", fields{"code": digits}).must(t, 200).body["recovery_codes"].([]any)
	again := &client{site: s}
	in := fields{"email": "new@example.com", "password": fresh}
	if a := again.ask(t, "POST", "/v1/sessions", in).must(t, 401); !strings.Contains(a.raw, `"location":"body.code"`) {
		t.Errorf("the second factor is not asked for: %s", a.raw)
	}
	in["code"] = codes[0]
	again.ask(t, "POST", "/v1/sessions", in).must(t, 201)
	again.ask(t, "POST", "/v1/sessions", in).must(t, 401)
	again.ask(t, "POST", "/v1/me/second-factor/removal", fields{"current_password": fresh}).must(t, 204)

	zoe.program(t, "read")
	export := again.ask(t, "GET", "/v1/me/export", nil).must(t, 200)
	for _, want := range []string{`"email":"new@example.com"`, `"name":"program"`, `"action":"address-change"`, `"agent":"Go-http-client/1.1"`} {
		if !strings.Contains(export.raw, want) {
			t.Errorf("the export lacks %s: %s", want, export.raw)
		}
	}
	for _, hidden := range []string{"argon2id", secret, "hash", "admin@example.com"} {
		if strings.Contains(export.raw, hidden) {
			t.Errorf("the export has %s", hidden)
		}
	}
	id := moved.text("id")
	again.ask(t, "POST", "/v1/me/deletion", fields{"current_password": password}).must(t, 422)
	again.ask(t, "POST", "/v1/me/deletion", fields{"current_password": fresh}).must(t, 204)
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 401)
	delete(in, "code")
	again.ask(t, "POST", "/v1/sessions", in).must(t, 401)
	record := admin.ask(t, "GET", "/v1/audit?person="+id, nil).must(t, 200)
	if !strings.Contains(record.raw, `"action":"person-deleted"`) || strings.Contains(record.raw, "127.0.0.1") || strings.Contains(record.raw, "new@") {
		t.Errorf("the record is %s", record.raw)
	}
	admin.ask(t, "POST", "/v1/me/deletion", fields{"current_password": password}).must(t, 409)
}

func TestAudit(t *testing.T) {
	s := start(t, Config{})
	admin, zoe := s.person(t, "admin@example.com", accounts.Admin), s.person(t, "zoe@example.com", accounts.Professional)
	id := zoe.ask(t, "GET", "/v1/me", nil).text("id")
	admin.ask(t, "PUT", "/v1/people/"+id+"/role", fields{"role": "editor"}).must(t, 200)
	first := admin.ask(t, "GET", "/v1/audit?limit=1", nil).must(t, 200)
	if !strings.Contains(first.raw, `"action":"role-change"`) || !strings.Contains(first.raw, "professional to editor") || !strings.Contains(first.raw, `"person_id":"`+id) {
		t.Errorf("the newest entry is %s", first.raw)
	}
	second := admin.ask(t, "GET", "/v1/audit?limit=1&cursor="+first.text("next"), nil).must(t, 200)
	if !strings.Contains(second.raw, `"action":"sign-in"`) || second.text("next") == first.text("next") {
		t.Errorf("the entry before is %s", second.raw)
	}
}

// TestLiftFactor has an administrator help somebody who has lost their phone, and others try.
func TestLiftFactor(t *testing.T) {
	s := start(t, Config{})
	admin, zoe := s.person(t, "admin@example.com", accounts.Admin), s.person(t, "zoe@example.com", accounts.Professional)
	id := zoe.ask(t, "GET", "/v1/me", nil).text("id")
	path := "/v1/people/" + id
	secret := zoe.ask(t, "POST", "/v1/me/second-factor", fields{"current_password": password}).must(t, 200).text("secret")
	digits, err := totp.GenerateCode(secret, time.Now())
	check(t, err)
	zoe.ask(t, "POST", "/v1/me/second-factor/confirm", fields{"code": digits}).must(t, 200)
	if seen := admin.ask(t, "GET", path, nil).must(t, 200); seen.body["second_factor"] != true || seen.text("email") != "zoe@example.com" {
		t.Errorf("seen is %s", seen.raw)
	}
	admin.ask(t, "GET", "/v1/people/none", nil).must(t, 404)
	zoe.ask(t, "POST", path+"/second-factor/removal", nil).must(t, 403)
	admin.program(t, "manage").ask(t, "POST", path+"/second-factor/removal", nil).must(t, 403)
	if lifted := admin.ask(t, "POST", path+"/second-factor/removal", nil).must(t, 200); lifted.body["second_factor"] != false {
		t.Errorf("lifted it is %s", lifted.raw)
	}
	admin.ask(t, "POST", path+"/second-factor/removal", nil).must(t, 409)
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 401)
	s.signedIn(t, "zoe@example.com")
	s.box.Await(t, "zoe@example.com", 1)
	if record := admin.ask(t, "GET", "/v1/audit?person="+id, nil); !strings.Contains(record.raw, `"action":"second-factor-lifted"`) {
		t.Errorf("the record is %s", record.raw)
	}
	self := admin.ask(t, "GET", "/v1/me", nil).text("id")
	admin.ask(t, "POST", "/v1/people/"+self+"/second-factor/removal", nil).must(t, 422)
}
