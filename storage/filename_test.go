package storage_test

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"subclip/storage"
)

func TestSafeFilename(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, words, want string }{
		{"plain", "Evening news", "Evening-news.mp4"},
		{"timecodes", "News 10:00:00:00 10:00:04;12", "News-10-00-00-00-10-00-04-12.mp4"},
		{"empty", "", "video.mp4"},
		{"nothing that can stay", " ./\\:*?\"<>|\x00\r\n", "video.mp4"},
		{"path", "../../etc/passwd", "etc-passwd.mp4"},
		{"Windows path", `C:\temp\a`, "C-temp-a.mp4"},
		{"leading dots", "...hidden", "hidden.mp4"},
		{"leading hyphens", "--rf a", "rf-a.mp4"},
		{"trailing stops", "end. ", "end.mp4"},
		{"line ends", "a\r\nSet-Cookie: b", "a-Set-Cookie-b.mp4"},
		{"quotes", `"a" 'b' «c»`, "a-b-c.mp4"},
		{"scripts", "Übung Ελλάδα Привет 视频 فيديو हिन्दी", "Übung-Ελλάδα-Привет-视频-فيديو-हिन्दी.mp4"},
		{"decomposed", "U\u0308bung", "Übung.mp4"},
		{"emoji", "❤️ love 👍🏽", "love.mp4"},
		{"emoji alone", "❤️", "video.mp4"},
		{"writing direction turned", "a\u202egpj", "a-gpj.mp4"},
		{"not UTF-8", "a\xff\xfeb", "a-b.mp4"},
		{"digits of other scripts", "٣ ３", "٣-３.mp4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := storage.SafeFilename(tt.words, ".mp4"); got != tt.want {
				t.Errorf("name is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSafeFilenameLong(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "ü", "视", "𠀀", "a ", "視 "} {
		name := storage.SafeFilename(strings.Repeat(letter, 300), ".mp4")
		if len(name) > 124 || len(name) < 110 || !utf8.ValidString(name) || strings.Contains(name, "-.") {
			t.Errorf("of many %q: %d bytes, %q", letter, len(name), name)
		}
	}
}

func TestContentDisposition(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, filename, want string }{
		{"plain", "film.mp4", `attachment; filename="film.mp4"; filename*=UTF-8''film.mp4`},
		{"space", "a film.mp4", `attachment; filename="a film.mp4"; filename*=UTF-8''a%20film.mp4`},
		{"accents", "Élection.mp4", `attachment; filename="Election.mp4"; filename*=UTF-8''%C3%89lection.mp4`},
		{"other script", "视频.mp4", `attachment; filename="__.mp4"; filename*=UTF-8''%E8%A7%86%E9%A2%91.mp4`},
		{"quotes", `a"b\c'd`, `attachment; filename="a_b_c'd"; filename*=UTF-8''a%22b%5Cc%27d`},
		{"what the grammar forbids", "a:b=c@d+e%f*g", `attachment; filename="a:b=c@d+e_f*g"; filename*=UTF-8''a%3Ab%3Dc%40d%2Be%25f%2Ag`},
		{"line ends", "a\r\nX: y", `attachment; filename="a__X: y"; filename*=UTF-8''a%0D%0AX%3A%20y`},
		{"path", "a/b", `attachment; filename="a_b"; filename*=UTF-8''a%2Fb`},
		{"empty", "", `attachment; filename=""; filename*=UTF-8''`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := storage.ContentDisposition(tt.filename)
			if got != tt.want {
				t.Errorf("header is %s, want %s", got, tt.want)
			}
			if _, params, err := mime.ParseMediaType(got); err != nil || params["filename"] != tt.filename {
				t.Errorf("it is read as %q: %v", params["filename"], err)
			}
		})
	}
}
