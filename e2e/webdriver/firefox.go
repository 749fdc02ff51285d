package webdriver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"subclip/process"
)

// patience is how long a browser may take to start.
const patience = 2 * time.Minute

// settings have Firefox ask nobody for anything, play without a gesture, and choose a port.
const settings = `user_pref("marionette.port", 0);
user_pref("media.autoplay.default", 0);
user_pref("layout.css.devPixelsPerPx", "1.0");
user_pref("app.update.disabledForTesting", true);
user_pref("app.normandy.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("toolkit.telemetry.enabled", false);
`

// Firefox starts Firefox with a profile of its own in an empty folder.
func Firefox(ctx context.Context, folder string, width, height int) (*Browser, error) {
	program, err := process.Find("firefox-esr", "firefox-esr")
	if err != nil {
		return nil, fmt.Errorf("find Firefox: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "user.js"), []byte(settings), 0o600); err != nil {
		return nil, fmt.Errorf("write Firefox's settings: %w", err)
	}
	b := &Browser{}
	cmd := process.Command(ctx, program, "--headless", "--no-remote", "--profile", folder, "--marionette", "--remote-allow-system-access", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+folder, "MOZ_HEADLESS_WIDTH="+strconv.Itoa(width), "MOZ_HEADLESS_HEIGHT="+strconv.Itoa(height))
	if err := b.run(cmd); err != nil {
		return nil, err
	}
	wire, err := dial(ctx, filepath.Join(folder, "MarionetteActivePort"))
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	b.send = wire.send
	b.complaints = wire.complaints
	b.end = append(b.end, func() error {
		_, err := wire.send("Marionette:Quit", map[string]any{"flags": []string{"eForceQuit"}})
		return errors.Join(err, wire.conn.Close())
	})
	if _, err := b.send("NewSession", map[string]any{"capabilities": map[string]any{}}); err != nil {
		return nil, errors.Join(fmt.Errorf("begin with Firefox: %w", err), b.Close())
	}
	return b, nil
}

// run starts a program that is waited for at the end, and killed unless it ends by itself.
func (b *Browser) run(cmd *exec.Cmd) error {
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	b.end = append(b.end, func() error {
		kill := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		_ = cmd.Wait() // how it ends does not matter
		return nil
	})
	return nil
}

// marionette is Firefox's wire: messages of JSON, each behind its length and a colon.
type marionette struct {
	conn   net.Conn
	reader *bufio.Reader
	last   int
}

// dial waits until Firefox has written its port into a file.
func dial(ctx context.Context, path string) (*marionette, error) {
	m := &marionette{}
	err := try(patience, func() error {
		port, err := os.ReadFile(path)
		if err == nil {
			m.conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strings.TrimSpace(string(port))))
		}
		return err //nolint:wrapcheck // it is wrapped below
	})
	if err != nil {
		return nil, fmt.Errorf("find where Firefox listens: %w", err)
	}
	m.reader = bufio.NewReader(m.conn)
	_, err = m.read() // who it is
	return m, err
}

func (m *marionette) read() ([]byte, error) {
	length, err := m.reader.ReadString(':')
	if err != nil {
		return nil, fmt.Errorf("read from Firefox: %w", err)
	}
	size, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil {
		return nil, fmt.Errorf("read from Firefox: %w", err)
	}
	message := make([]byte, size)
	if _, err := io.ReadFull(m.reader, message); err != nil {
		return nil, fmt.Errorf("read from Firefox: %w", err)
	}
	return message, nil
}

// send sends [0, id, name, parameters] and takes [1, id, error, result].
func (m *marionette) send(command string, parameters any) (json.RawMessage, error) {
	if !strings.Contains(command, ":") {
		command = "WebDriver:" + command
	}
	m.last++
	request, err := json.Marshal([]any{0, m.last, command, parameters})
	if err != nil {
		return nil, fmt.Errorf("write to Firefox: %w", err)
	}
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(request), request); err != nil {
		return nil, fmt.Errorf("write to Firefox: %w", err)
	}
	message, err := m.read()
	if err != nil {
		return nil, err
	}
	var answer [4]json.RawMessage
	if err := json.Unmarshal(message, &answer); err != nil {
		return nil, fmt.Errorf("read from Firefox: %w", err)
	}
	if string(answer[2]) != "null" {
		return nil, fmt.Errorf("Firefox answers %s", answer[2])
	}
	var wrapped struct{ Value json.RawMessage }
	if err := json.Unmarshal(answer[3], &wrapped); err == nil && wrapped.Value != nil {
		return wrapped.Value, nil
	}
	return answer[3], nil
}

// complaints reads the browser's own list of errors, as far as they are of pages.
func (m *marionette) complaints() ([]string, error) {
	const script = `return Services.console.getMessageArray().filter((message) => message instanceof Ci.nsIScriptError
		&& !(message.flags & Ci.nsIScriptError.warningFlag) && message.sourceName.startsWith("http")).map(String)`
	if _, err := m.send("Marionette:SetContext", map[string]any{"value": "chrome"}); err != nil {
		return nil, err
	}
	raw, err := m.send("ExecuteScript", map[string]any{"script": script, "args": []any{}})
	if err != nil {
		return nil, err
	}
	var heard []string
	if err := json.Unmarshal(raw, &heard); err != nil {
		return nil, fmt.Errorf("read Firefox's errors: %w", err)
	}
	_, err = m.send("Marionette:SetContext", map[string]any{"value": "content"})
	return heard, err
}
