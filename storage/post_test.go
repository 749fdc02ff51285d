package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/storage"
)

// formOf writes a form as browsers send it: the file last, with a name and a type.
func formOf(t *testing.T, fields map[string]string, content []byte) (body []byte, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if err := form.WriteField(name, fields[name]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", `Rushes "été".mov`)
	if err == nil {
		_, err = part.Write(content)
	}
	if err := errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), form.FormDataContentType()
}

func sendForm(t *testing.T, signed storage.PostForm, content []byte) (status int, leadsTo string) {
	t.Helper()
	body, contentType := formOf(t, signed.Fields, content)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, signed.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Origin", "null") // as browsers say of a page that tells no referrer
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	t.Logf("%d %s", res.StatusCode, said)
	return res.StatusCode, res.Header.Get("Location")
}

// TestPostForm sends a file by a form, which leads on; what the form was not signed for is
// not stored, nor is what was cut.
func TestPostForm(t *testing.T) {
	t.Parallel()
	store := open(t)
	_, sent := file(t, storage.MinPart+1)
	const key, back = "posted/1/file", "https://press.example/desk/upload/1/sent?replaces=2"
	sign := func(key string) storage.PostForm {
		signed, err := store.PostForm(t.Context(), key, back)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	if status, to := sendForm(t, sign(key), sent); status != http.StatusSeeOther || !strings.HasPrefix(to, "https://press.example/desk/upload/1/sent?") || !strings.Contains(to, "replaces=2") {
		t.Errorf("it leads to %q: %d", to, status)
	}
	if got := content(t, store, key); !bytes.Equal(got, sent) {
		t.Errorf("%d bytes are there that are not the %d that were sent", len(got), len(sent))
	}

	for name, change := range map[string]func(storage.PostForm){
		"another key":      func(f storage.PostForm) { f.Fields["key"] = "masters/other" },
		"another redirect": func(f storage.PostForm) { f.Fields["success_action_redirect"] = "https://evil.example" },
		"one more field":   func(f storage.PostForm) { f.Fields["Content-Type"] = "text/html" },
		"no signature":     func(f storage.PostForm) { delete(f.Fields, "X-Amz-Signature") },
	} {
		signed := sign("posted/2/file")
		change(signed)
		if status, _ := sendForm(t, signed, sent[:100]); status < http.StatusBadRequest {
			t.Errorf("%s is taken: %d", name, status)
		}
	}
	if status, _ := sendForm(t, sign("posted/2/file"), nil); status < http.StatusBadRequest {
		t.Errorf("an empty file is taken: %d", status)
	}

	signed := sign("posted/2/file")
	body, contentType := formOf(t, signed.Fields, sent)
	postCut(t, signed.URL, contentType, body, len(body)/2)
	postCut(t, signed.URL, contentType, body, len(body)-10) // all but the end of the form
	refused := sign("posted/2/file")
	refused.Fields["key"] = "masters/other"
	body, contentType = formOf(t, refused.Fields, sent)
	if said := postCut(t, refused.URL, contentType, body, 128<<10); !strings.HasPrefix(said, "HTTP/1.1 403") { // not read whole first
		t.Errorf("a form that is not signed is refused with %q before its file has come", said)
	}
	for _, missing := range []string{"posted/2/file", "masters/other"} {
		if object, err := store.Stat(t.Context(), missing); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s is there: %+v, %v", missing, object, err)
		}
	}
	for upload, err := range store.Unfinished(t.Context(), "") {
		t.Errorf("an upload is left: %+v, %v", upload, err)
	}
}

// TestPostFormWithoutEnd sends forms that nobody signed and whose file is long in coming: they
// are refused at once, while most of them is still to come.
func TestPostFormWithoutEnd(t *testing.T) {
	t.Parallel()
	signed, err := open(t).PostForm(t.Context(), "posted/3/file", "https://press.example/desk/upload/3/sent")
	if err != nil {
		t.Fatal(err)
	}
	const much, whole = 128 << 10, 64 << 20
	const field = "--b\r\nContent-Disposition: form-data; name=\"x-amz-meta-a\"\r\n"
	for name, form := range map[string]struct{ start, more string }{
		"no part":          {"", "x"},
		"a long line":      {field + "\r\n", "x"},
		"many lines":       {field + "\r\n", "x\r\n"},
		"many fields":      {"", field + "\r\nx\r\n"},
		"a long header":    {field + "X-Long: ", "x"},
		"many headers":     {field, "X-More: x\r\n"},
		"file comes later": {field + "\r\n" + strings.Repeat("x", 64<<10) + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := form.start + strings.Repeat(form.more, much/len(form.more))
			connection := post(t, signed.URL, "multipart/form-data; boundary=b", whole, []byte(body))
			if err := connection.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			said, err := io.ReadAll(connection)
			if err != nil || !bytes.HasPrefix(said, []byte("HTTP/1.1 400")) || !bytes.Contains(said, []byte("MalformedPOSTRequest")) {
				t.Errorf("it is told %q, %v", said, err)
			}
		})
	}
}

// postCut sends the first bytes of a body and hangs up; it returns what is said to that.
func postCut(t *testing.T, address, contentType string, body []byte, sent int) (said string) {
	t.Helper()
	connection := post(t, address, contentType, len(body), body[:sent])
	if err := connection.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(connection) // it says something, or hangs up
	return string(answer)
}

// post sends the start of a body of so many bytes.
func post(t *testing.T, address, contentType string, size int, start []byte) *net.TCPConn {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", u.RequestURI(), u.Host, contentType, size)
	if _, err := connection.Write(append([]byte(head), start...)); err != nil {
		t.Fatal(err)
	}
	return connection.(*net.TCPConn) //nolint:forcetypeassert // it was dialled so
}
