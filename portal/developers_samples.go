package portal

import (
	"html/template"
	"strings"

	"subclip/accounts"
)

// sample is a piece of code that can be copied.
type sample struct{ ID, Name, Code string }

// piece is a part of a text.
type piece struct {
	Text string
	Code bool
}

// coded parts a text at the backticks in which it has code.
func coded(text string) (all []piece) {
	for i, part := range strings.Split(text, "`") {
		all = append(all, piece{part, i%2 == 1})
	}
	return all
}

// developersFunctions are what the templates of these pages may call besides others.
func developersFunctions(language string) template.FuncMap {
	return template.FuncMap{
		"coded":        coded,
		"pageLanguage": func() string { return language },
		"code":         func(id, name, code string) sample { return sample{id, name, code} },
		"example":      func(op *apiOperation) sample { return sample{op.ID + "-example", op.Summary, op.Example()} },
		"scopes": func() []accounts.Scope {
			return []accounts.Scope{accounts.ScopeRead, accounts.ScopeDownload, accounts.ScopePublish, accounts.ScopeManage}
		},
		"quickStart":      func(api string) string { return "API=" + api + "\n" + quickStart },
		"problemSample":   func() string { return problemSample },
		"signatureSample": func() string { return signatureSample },
	}
}

// The samples of the guide; a test runs the first as it stands.
const quickStart = `TOKEN='Authorization: Bearer YOUR-TOKEN'

# Find a video.
ASSET=$(curl -s "$API/v1/assets?limit=1" | jq -r '.assets[0].id')

# Take ten seconds of it, and wait until they are made.
curl -s "$API/v1/clips" -H "$TOKEN" -H 'Prefer: wait=60' -H 'Idempotency-Key: first-try' \
  -H 'Content-Type: application/json' \
  -d '{"asset_id": "'"$ASSET"'", "ranges": [{"in": "0:05.0", "out": "0:15.0"}]}' > clip.json

# Save the file. Its address is signed and works for an hour.
curl -s -o clip.mp4 "$(jq -r .url clip.json)"`

const problemSample = `{
  "title": "Unprocessable Entity",
  "status": 422,
  "detail": "ranges[0].out: it is outside the video: use 10:00:40:01 to 10:03:00:00",
  "errors": [
    {"message": "it is outside the video: use 10:00:40:01 to 10:03:00:00", "location": "body.ranges[0].out"}
  ]
}`

const signatureSample = `import base64, hashlib, hmac, time

def genuine(headers, body: bytes, secret: str) -> bool:
    id, at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(at)) > 300:  # too old, or from the future
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split())`
