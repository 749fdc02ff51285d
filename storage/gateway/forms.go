package gateway

import (
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"
	"github.com/versity/versitygw/s3api/utils"
)

// maxFields is how many bytes of a form may come before its file. S3 itself takes 20 KB.
const maxFields = 64 << 10

// streamForms tells that the server is there. The first such request, before anyone else
// knows of the server, has it hand on forms as they come: it would read them whole before,
// and versitygw would write them out again, into memory. What it hands on is bounded.
func streamForms(ctx fiber.Ctx) error {
	if server := ctx.App().Server(); !server.DisablePreParseMultipartForm {
		server.DisablePreParseMultipartForm = true
		server.Handler = boundFields(server.Handler)
	}
	return ctx.SendStatus(http.StatusOK) //nolint:wrapcheck // fiber answers with it
}

// boundFields has forms refused whose file does not begin within maxFields: versitygw keeps
// all that comes before the file in memory, and asks who sends it only then.
func boundFields(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		mediaType, _, _ := mime.ParseMediaType(string(ctx.Request.Header.ContentType()))
		if !ctx.IsPost() || mediaType != fiber.MIMEMultipartForm || !ctx.Request.IsBodyStream() {
			next(ctx)
			return
		}
		// A request of its own: to set another stream in this one would end the stream it has.
		var form fasthttp.RequestCtx
		form.Init2(ctx.Conn(), ctx.Logger(), true)
		ctx.Request.Header.CopyTo(&form.Request.Header)
		form.Request.SetBodyStream(&fields{ctx.RequestBodyStream(), &form, maxFields}, ctx.Request.Header.ContentLength())
		next(&form)
		form.Response.CopyTo(&ctx.Response)
	}
}

// fields is the body of a form, of which so many bytes may still come before its file.
type fields struct {
	io.Reader
	form *fasthttp.RequestCtx
	left int
}

// Read fails where the file should have begun, until versitygw has found it. Once there is
// an answer it does not: versitygw then throws away some of the rest, that it be read.
func (f *fields) Read(p []byte) (int, error) {
	isFound := f.form.UserValue(string(utils.ContextKeyObjectPostResult)) != nil
	if isAnswered := f.form.Response.StatusCode() != http.StatusOK; f.left <= 0 && !isFound && !isAnswered {
		return 0, fmt.Errorf("the form's file does not begin within %d bytes", maxFields)
	}
	n, err := f.Reader.Read(p)
	f.left -= n
	return n, err //nolint:wrapcheck // a reader's error, passed on
}
