package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/mail/mailtest"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// startWithMail runs the service with a real mail server.
func startWithMail(t *testing.T) (*service, *mailtest.Server, string) {
	t.Helper()
	box := mailtest.Start(t, nil)
	for name, value := range map[string]string{
		"SUBCLIP_SMTP_HOST": "127.0.0.1", "SUBCLIP_SMTP_PORT": strconv.Itoa(box.Port), "SUBCLIP_SMTP_TLS": "none", "SUBCLIP_MAIL_FROM": "Press <press@example.com>",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	return s, box, dir
}

const submit = "main form button:not([type=button])"

// spaced is a code as some people type it.
func spaced(code string) string { return code[:3] + " " + code[3:] }

// TestAccountPages registers from a video's page with its marks, comes back to them, and
// again after a new password, by the pages alone.
func TestAccountPages(t *testing.T) {
	s, box, _ := startWithMail(t)
	asset := s.ingest(tools.short, "Film")
	const email, first, second = "zoe@example.com", "Correct-Horse-7-Battery", "Autre-Mot-2-Passé!"
	const marks = "in=10%3A00%3A01%3A05&out=10%3A00%3A03%3A10"
	film := "/assets/" + asset + "?" + marks
	b := s.openPages()
	mustBeBack := func(who string) {
		t.Helper()
		if here := b.here(); here != film {
			t.Fatalf("the page is %s, not %s", here, film)
		}
		if shown := b.text(".visitor"); !strings.Contains(shown, who) {
			t.Fatalf("%s is not signed in: %s", who, shown)
		}
	}

	b.open(film)
	b.follow(".visitor a[data-return]")
	b.axe()
	b.follow(`a[href^="/register"]`)
	b.follow(submit)
	b.await(`document.activeElement.id === "mistakes"`) // what is wrong is read first
	b.axe()
	b.fill("#name", "Zoë Müller", "#organisation", "Ö1", "#email", email, "#password", first)
	b.do(chromedp.SetValue(chromedp.CSS("#country"), "AT"))
	b.click("#accept_terms")
	b.axe()
	b.follow(submit)
	b.must(email)
	b.axe()
	b.follow(".aside button")
	b.must("too early")
	b.fill("#code", "000000")
	b.follow(submit)
	b.must("This code does not work")
	b.fill("#code", spaced(box.Await(t, email, 1).Code(t)))
	b.follow(submit)
	mustBeBack("Zoë Müller")

	b.click(".visitor summary")
	b.follow(".visitor form button")
	b.open(film)
	b.follow(".visitor a[data-return]")
	b.follow(`main a[href^="/reset"]`)
	b.axe()
	b.fill("#email", email)
	b.follow(submit)
	b.axe()
	b.fill("#code", spaced(box.Await(t, email, 2).Code(t)), "#password", second)
	b.follow(submit)
	b.must("Your new password is set")
	b.axe()
	if back := asked[string](b.tab, `document.querySelector("main .notice a").getAttribute("href")`); back != film {
		t.Errorf("the way back is %s", back)
	}
	b.fill("#email", email, "#password", second)
	b.follow(submit)
	mustBeBack("Zoë Müller")
}

// TestAccountPagesInFrench registers in French, with the message in French as well.
func TestAccountPagesInFrench(t *testing.T) {
	s, box, _ := startWithMail(t)
	b := s.openPages()
	b.open("/sign-in?lang=fr&return_to=" + url.QueryEscape("/newsletter?x=1"))
	b.follow(`a[href^="/register"]`)
	b.follow(submit)
	for _, text := range []string{"choses manquent ou sont inexactes", "Nom : À remplir.", "Acceptez les conditions d’utilisation"} {
		b.must(strings.ReplaceAll(text, " :", "\u00a0:"))
	}
	if english := asked[int](b.tab, `document.querySelectorAll("main [lang=en]").length`); english != 0 {
		t.Errorf("%d mistakes are in English", english)
	}
	b.fill("#name", "Zoé", "#email", "zoe@exemple.fr", "#password", "court")
	b.click("#accept_terms")
	b.follow(submit)
	b.must("au moins 12 caractères.")
	b.fill("#password", "Une-Phrase-Très-Longue-7")
	b.follow(submit)
	message := box.Await(t, "zoe@exemple.fr", 1)
	if text := message.Text(t); !strings.Contains(text, "code") || strings.Contains(text, "is your code") {
		t.Errorf("the message is not in French: %s", text)
	}
	b.fill("#code", message.Code(t))
	b.follow(submit)
	if b.here() != "/newsletter?x=1" || asked[string](b.tab, `document.documentElement.lang`) != "fr" {
		t.Errorf("it leads to %s", b.here())
	}
}

// TestOwnAccount keeps an account by its pages, and looks at each of them with axe.
func TestOwnAccount(t *testing.T) {
	s, box, dir := startWithMail(t)
	const email = "admin@example.com"
	_, password, _ := strings.Cut(s.command(0, "user", "add", "--role", "admin", "--email", email, "--data", dir), "password ")
	password, _, _ = strings.Cut(password, "\n")
	b := s.openPages()
	b.open("/sign-in?return_to=/account")
	b.fill("#email", email, "#password", password)
	b.follow(submit)
	for _, path := range []string{
		"/account", "/account/email", "/account/password", "/account/factor", "/account/sessions", "/account/tokens", "/account/webhooks", "/account/data",
		"/newsletter", "/terms", "/privacy", "/account/newsletter", "/admin/people", "/admin/log",
	} {
		b.open(path)
		if b.here() != path {
			t.Fatalf("%s leads to %s", path, b.here())
		}
		b.axe()
	}

	b.open("/account/email")
	b.fill("#email", "chief@example.com", "#current_password", password)
	b.follow(submit)
	b.axe()
	b.fill("#code", box.Await(t, "chief@example.com", 1).Code(t))
	b.follow(submit)
	b.must("Your account has its new address")

	b.open("/account/tokens")
	b.fill("#name", "newsroom")
	b.click("#scope-read")
	b.follow(`button[value="create"]`)
	b.axe()
	program := &service{t: t, url: s.url, token: b.text("#secret")}
	if who := program.ask(http.MethodGet, "/v1/me", nil).must(t, http.StatusOK); who.text("email") != "chief@example.com" {
		t.Errorf("the token is of %s", who.raw)
	}
	b.follow(`button[value="revoke"]`)
	program.ask(http.MethodGet, "/v1/me", nil).must(t, http.StatusUnauthorized)

	b.open("/account/factor")
	b.fill("#current_password", password)
	b.follow(`button[value="begin"]`)
	b.axe()
	secret := b.text("#secret")
	if width := asked[int](b.tab, `document.querySelector(".qr").decode().then(() => document.querySelector(".qr").naturalWidth)`); width < 100 {
		t.Errorf("the QR code is %d pixels wide", width)
	}
	b.fill("#code", "000000")
	b.follow(`button[value="confirm"]`)
	b.must("This code does not work")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.fill("#code", code)
	b.follow(`button[value="confirm"]`)
	b.axe()
	recovery := b.text("#recovery code")

	b.open("/account/sessions")
	b.follow(`button[value="end-all"]`)
	b.open("/sign-in?return_to=" + url.QueryEscape("/admin/people?words=chief"))
	b.fill("#email", "chief@example.com", "#password", password)
	b.follow(submit)
	b.must("Your password is right")
	b.axe()
	if source := asked[string](b.tab, `document.documentElement.outerHTML`); strings.Contains(source, password) {
		t.Error("the password stands in the page")
	}
	b.fill("#code", "wrong")
	b.follow(submit)
	b.must("This code does not work")
	b.fill("#code", recovery)
	b.follow(submit)
	if b.here() != "/admin/people?words=chief" {
		t.Fatalf("it leads to %s", b.here())
	}
	b.follow(`main td a`)
	b.axe()
	b.click("#role-editor")
	b.follow(`button[value="role"]`)
	if !strings.HasPrefix(b.here(), "/sign-in?") {
		t.Errorf("a new role does not begin with a new sign-in: %s", b.here())
	}
}

// TestPasswordRule compares the rule that the page shows while one types with the
// server's, part by part.
func TestPasswordRule(t *testing.T) {
	s, _, _ := startWithMail(t)
	b := s.openPages()
	b.open("/register")
	parts := map[string]string{
		"length": "at least 12 characters", "bytes": "at most 256 bytes", "spaces": "no spaces", "upper": "an upper-case letter", "lower": "a lower-case letter",
		"digit": "a digit", "symbol": "a symbol, such as ! or -", "email": "to be something other than your e-mail address", "name": "to be something other than your name",
	}
	const email, name = "Zoe.ÎLE@example.com", "Zoë Müller-Σίσυφος İ"
	for _, password := range []string{
		"a", "Correct-Horse-7-Battery", "correct horse battery", "ÉCOLE-d'été-1", "日本語の長いパスワード-1", "١٢٣٤٥٦٧٨٩٠١٢Aa-", "Ⅷ-roman-numeral", "ǅ-titlecase-1",
		"a\u00a0no-break-SPACE-1", "a\u200bzero-width-1A", "tab\tbed-Pass-1", "Zoe.ÎLE@example.com-1", "zoeîle-1234567", "ZOE1.ÎLE2-----", "ZoëMüllerΣίσυφοςİ1!",
		"ZOËMÜLLERΣΊΣΥΦΟΣİ1!", "Zoe\u0308Mu\u0308llerΣίσυφοςİ1!", strings.Repeat("é", 130) + "A1!", strings.Repeat("é", 126) + "A1!", "😀😀😀😀😀😀😀😀😀Aa1", "ªº-only-ordinals9", "ʰ-modifier-letter9",
		"\u0085next-line-A1", "\u2028separator-A1-", "١-arabic-digitA", "½-fraction-partsA", "€uro-Sign-in-1", "_underscore_A1_", "x²-superscript-AA",
	} {
		asked[bool](b.tab, `Object.entries(%s).every(([id, value]) => {
			const field = document.getElementById(id); field.value = value; return field.dispatchEvent(new Event("input")); })`,
			quoted(map[string]string{"email": email, "name": name, "password": password}))
		if kept := asked[string](b.tab, `document.getElementById("password").value`); kept != password {
			t.Fatalf("the field has %q instead of %q", kept, password)
		}
		unmet := accounts.CheckPassword(password, email, name)
		for part, need := range parts {
			shown := asked[bool](b.tab, `document.querySelector("[data-part=%s]").classList.contains("met")`, part)
			if met := !slices.Contains(unmet, need); met != shown {
				t.Errorf("%q: %s is %t on the server and %t on the page", password, part, met, shown)
			}
		}
	}
}
