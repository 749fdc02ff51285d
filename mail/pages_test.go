package mail

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/mail/mailtest"

	"github.com/gin-gonic/gin"
	"golang.org/x/net/html"
)

// get asks for a page as the machine itself does, but for what change spoils.
func get(t *testing.T, m *Mailer, path string, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := m.Mount(engine); err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.RemoteAddr, request.Host = "127.0.0.1:40000", "localhost:8080"
	if change != nil {
		change(request)
	}
	answer := httptest.NewRecorder()
	engine.ServeHTTP(answer, request)
	return answer
}

// first is where the list leads first.
func first(t *testing.T, list string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && node.Data == "a" {
			return node.Attr[0].Val
		}
	}
	t.Fatalf("the list has no message:\n%s", list)
	return ""
}

func TestKeptMessagesAreShown(t *testing.T) {
	m := folderMailer(t)
	if page := get(t, m, "/dev/mail", nil); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "none yet") {
		t.Errorf("%d %s", page.Code, page.Body)
	}
	send(t, m, hello("older@example.org"))
	send(t, m, Message{
		To: "a@example.org", Subject: "<script>alert('é')</script>", Text: "<script>1</script> https://press.example.com/x?token=1\n",
		HTML: "<p>marked</p><script>2</script>",
	})
	list := get(t, m, "/dev/mail", nil)
	if body := list.Body.String(); strings.Contains(body, "<script") || !strings.Contains(body, "older@example.org") || !strings.Contains(body, "&lt;script&gt;alert(&#39;é&#39;)") {
		t.Errorf("the list is\n%s", body)
	}
	path := first(t, list.Body.String())
	page := get(t, m, path, nil)
	body := page.Body.String()
	if page.Code != http.StatusOK || strings.Contains(body, "<script") || !strings.Contains(body, `<a href="https://press.example.com/x?token=1"`) {
		t.Errorf("%d\n%s", page.Code, body)
	}
	if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script") {
		t.Errorf("the page's policy is %q", policy)
	}
	marked := get(t, m, path+"/html", nil)
	policy := marked.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "sandbox ") || strings.Contains(policy, "allow-scripts") || marked.Body.String() != "<p>marked</p><script>2</script>" {
		t.Errorf("%q %s", policy, marked.Body)
	}
	source := get(t, m, path+"/source", nil)
	if source.Header().Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(source.Body.String(), "MIME-Version: 1.0") {
		t.Errorf("%v %s", source.Header(), source.Body)
	}
}

func TestPagesAreForThisMachine(t *testing.T) {
	m := folderMailer(t)
	for name, change := range map[string]func(*http.Request){
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:40000" },
		"a proxy":         func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") },
		"a rebound name":  func(r *http.Request) { r.Host = "evil.example.com:8080" },
		"a rebound name ": func(r *http.Request) { r.Host = "evil.example.com" },
	} {
		if page := get(t, m, "/dev/mail", change); page.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, page.Code)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1:8080", "[::1]:8080", "[::1]"} {
		if page := get(t, m, "/dev/mail", func(r *http.Request) { r.Host = host }); page.Code != http.StatusOK {
			t.Errorf("%s: %d", host, page.Code)
		}
	}
}

// TestPagesOnlyWhereLinksAreLocal has a site with a name that others know.
func TestPagesOnlyWhereLinksAreLocal(t *testing.T) {
	m := newMailer(t, Config{SiteURL: "https://press.example.com", TLS: "starttls", Timeout: time.Minute, Folder: t.TempDir()})
	if page := get(t, m, "/dev/mail", nil); page.Code != http.StatusNotFound {
		t.Errorf("%d", page.Code)
	}
}

func TestPagesOnlyWithoutServer(t *testing.T) {
	m := newMailer(t, config(mailtest.Start(t, &certificate)))
	if page := get(t, m, "/dev/mail", nil); page.Code != http.StatusNotFound {
		t.Errorf("%d", page.Code)
	}
}

func TestOnlyMessagesOfTheFolder(t *testing.T) {
	m := folderMailer(t)
	outside := filepath.Join(t.TempDir(), "secret.eml")
	if err := os.WriteFile(outside, []byte("Subject: the secret\r\n\r\nof others"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(m.folder, "link.eml")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"nothing", "..%2f..%2fsecret", "link", strings.TrimSuffix(strings.ReplaceAll(outside, "/", "%2f"), ".eml")} {
		if page := get(t, m, "/dev/mail/"+name, nil); page.Code == http.StatusOK || strings.Contains(page.Body.String(), "secret") {
			t.Errorf("%s: %d %s", name, page.Code, page.Body)
		}
	}
}
