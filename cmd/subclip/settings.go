package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
	"subclip/httpapi"
	"subclip/mail"
	"subclip/newsletter"
	"subclip/portal"
	"subclip/queue"
	"subclip/storage"
	"subclip/transcoder"
	"subclip/webhooks"
	"subclip/worker"

	"github.com/caarlos0/env/v11"
)

// settings are all that the environment decides. Each package owns its part.
type settings struct {
	Listen      string `env:"SUBCLIP_LISTEN" envDefault:"127.0.0.1:8080" desc:"address of the API and the pages; --listen goes before it"`
	StoreListen string `env:"SUBCLIP_STORE_LISTEN" envDefault:"127.0.0.1:8081" desc:"address of the S3 gateway that subclip up runs"`
	Data        string `env:"SUBCLIP_DATA" envDefault:"data" desc:"folder in which subclip up keeps everything; --data goes before it"`
	LogLevel    string `env:"SUBCLIP_LOG_LEVEL" envDefault:"info" desc:"least level that is logged: debug, info, warn or error"`
	LogFormat   string `env:"SUBCLIP_LOG_FORMAT" envDefault:"text" desc:"text or json"`

	Database   database.Config
	Catalog    catalog.Config
	Queue      queue.Config
	Storage    storage.Config
	Transcoder transcoder.Config
	Worker     worker.Config
	Mail       mail.Config
	Accounts   accounts.Config
	HTTP       httpapi.Config
	Portal     portal.Config
	Newsletter newsletter.Config
	Webhooks   webhooks.Config

	// StopTime is how long requests that are being answered may take when the
	// service stops.
	StopTime time.Duration `env:"SUBCLIP_STOP_TIME" envDefault:"10s" desc:"time given to requests in progress when the service stops"`
}

func readSettings() (settings, error) {
	var s settings
	if err := env.Parse(&s); err != nil {
		return s, usage("read the environment: %v", err)
	}
	return s, nil
}

func (s settings) logger(out io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, usage("SUBCLIP_LOG_LEVEL is %q: use debug, info, warn or error", s.LogLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	switch s.LogFormat {
	case "text":
		return slog.New(slog.NewTextHandler(out, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, options)), nil
	}
	return nil, usage("SUBCLIP_LOG_FORMAT is %q: use text or json", s.LogFormat)
}

// begin reads what every service command needs first.
func begin() (settings, *slog.Logger, error) {
	s, err := readSettings()
	if err != nil {
		return s, nil, err
	}
	log, err := s.logger(os.Stderr)
	if err != nil {
		return s, nil, err
	}
	slog.SetDefault(log) // for libraries that log by themselves
	return s, log, nil
}

// requireRedis reports a missing address where no Redis of our own is started.
func (s settings) requireRedis() error {
	if s.Queue.URL == "" {
		return errors.New("REDIS_URL is empty: give redis://host:6379/0, or use `subclip up`, which starts its own")
	}
	return nil
}
