package webdriver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"subclip/process"
)

// miniBrowser is where WebKitGTK has its own small browser, on any machine.
const miniBrowser = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"

// WebKit starts WebKitGTK's browser on a screen that nobody sees, with what it keeps in an
// empty folder.
func WebKit(ctx context.Context, folder string, width, height int) (*Browser, error) {
	b := &Browser{}
	screen, err := b.screen(ctx, width, height)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	driver, err := process.Find("WebKitWebDriver", "webkit2gtk-driver")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("find WebKit: %w", err), b.Close())
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	cmd := process.Command(ctx, driver, "--port="+port)
	// Drawn by a processor, what it decodes for a graphics card is not always seen.
	cmd.Env = append(os.Environ(), "WEBKIT_GST_DISABLE_GL_SINK=1", "DISPLAY="+screen, "HOME="+folder, "XDG_RUNTIME_DIR="+folder, "LIBGL_ALWAYS_SOFTWARE=1", "NO_AT_BRIDGE=1")
	if err := b.run(cmd); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	wire := &overHTTP{ctx: ctx, root: "http://127.0.0.1:" + port + "/session"}
	b.send = wire.send
	b.end = append(b.end, func() error {
		return errors.Join(wire.finish(), cmd.Process.Signal(os.Interrupt))
	})
	if err := wire.begin(width, height); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// screen starts an X server without a screen, and returns its name.
func (b *Browser) screen(ctx context.Context, width, height int) (string, error) {
	program, err := process.Find("Xvfb", "xvfb")
	if err != nil {
		return "", fmt.Errorf("find a screen: %w", err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return "", fmt.Errorf("start a screen: %w", err)
	}
	defer func() { _, _ = reader.Close(), writer.Close() }()
	cmd := process.Command(ctx, program, "-displayfd", "3", "-noreset", "-nolisten", "tcp", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height))
	cmd.ExtraFiles = []*os.File{writer}
	if err := b.run(cmd); err != nil {
		return "", err
	}
	b.end = append(b.end, func() error { return cmd.Process.Signal(os.Interrupt) })
	_ = reader.SetReadDeadline(time.Now().Add(patience))
	number, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("start a screen: %w", err)
	}
	return ":" + strings.TrimSpace(number), nil
}

func freePort(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port), nil
}

// overHTTP is the wire of the standard.
type overHTTP struct {
	ctx           context.Context //nolint:containedctx // of the browser that it drives
	root, session string
}

func (w *overHTTP) begin(width, height int) error {
	found, err := filepath.Glob(miniBrowser)
	if err != nil || len(found) == 0 {
		return fmt.Errorf("there is no %s: install Debian's webkit2gtk-driver", miniBrowser)
	}
	options := map[string]any{"webkitgtk:browserOptions": map[string]any{"binary": found[0], "args": []string{
		"--automation", "--geometry=" + fmt.Sprintf("%dx%d", width, height), "--full-screen",
	}}}
	body := map[string]any{"capabilities": map[string]any{"alwaysMatch": options}}
	var raw json.RawMessage
	_ = try(patience, func() error { // it listens a moment after it has begun
		raw, err = w.ask(http.MethodPost, w.root, body)
		if refused := (*net.OpError)(nil); errors.As(err, &refused) {
			return err
		}
		return nil
	})
	var begun struct{ SessionID string }
	if err == nil {
		err = json.Unmarshal(raw, &begun)
	}
	if err != nil {
		return fmt.Errorf("begin with WebKit: %w", err)
	}
	w.session = w.root + "/" + begun.SessionID
	return nil
}

func (w *overHTTP) finish() error {
	if w.session == "" {
		return nil
	}
	_, err := w.ask(http.MethodDelete, w.session, nil)
	return err
}

func (w *overHTTP) send(command string, parameters any) (json.RawMessage, error) {
	var id string
	if of, ok := parameters.(map[string]any); ok {
		id, _ = of["id"].(string)
	}
	switch command {
	case "Navigate":
		return w.ask(http.MethodPost, w.session+"/url", parameters)
	case "ExecuteAsyncScript":
		return w.ask(http.MethodPost, w.session+"/execute/async", parameters)
	case "PerformActions":
		return w.ask(http.MethodPost, w.session+"/actions", parameters)
	case "FindElement":
		return w.ask(http.MethodPost, w.session+"/element", parameters)
	case "ElementSendKeys":
		return w.ask(http.MethodPost, w.session+"/element/"+id+"/value", parameters)
	case "TakeScreenshot":
		return w.ask(http.MethodGet, w.session+"/screenshot", nil)
	}
	return nil, fmt.Errorf("%s is not known", command)
}

func (w *overHTTP) ask(method, address string, body any) (json.RawMessage, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("write to WebKit: %w", err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.ctx, method, address, content)
	if err != nil {
		return nil, fmt.Errorf("write to WebKit: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask WebKit: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	var wrapped struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&wrapped); err != nil {
		return nil, fmt.Errorf("read from WebKit: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("WebKit answers %s", wrapped.Value)
	}
	return wrapped.Value, nil
}
