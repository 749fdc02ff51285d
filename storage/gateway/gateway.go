// Package gateway is the S3 service of `subclip up`: versitygw on a folder,
// inside the process, so that one machine needs no store of its own while the
// rest of the code sees S3 and nothing else.
//
// Objects are plain files under the data folder; their metadata are extended
// attributes, or files in a folder beside it where the file system has none.
// versitygw changes the process's working directory to the store, so callers
// make their paths absolute first.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"subclip/storage"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

const (
	startTimeout = 20 * time.Second
	// stopTimeout is how long requests in progress may go on when the service
	// stops. The gateway's own ten seconds would be spent on connections that
	// were opened and never used, as browsers do: it takes them for requests.
	stopTimeout = 3 * time.Second
)

// Gateway is a running S3 service.
type Gateway struct {
	cancel context.CancelFunc
	done   chan error
}

type keyPair struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
}

// Start serves S3 at listen ("host:port") out of folder, an absolute path, and
// completes cfg so that storage.New reaches it. The keys are made at the first
// start and kept in the folder, readable by its owner alone.
func Start(listen, folder string, cfg *storage.Config) (*Gateway, error) {
	keys, err := loadKeys(filepath.Join(folder, "keys.json"))
	if err != nil {
		return nil, err
	}
	backend, err := openBackend(folder)
	if err != nil {
		return nil, err
	}
	// A path that no other server knows: one that has taken the address may
	// answer before ours has found that out.
	healthPath := "/" + rand.Text()
	ctx, cancel := context.WithCancel(context.Background())
	g := &Gateway{cancel: cancel, done: make(chan error, 1)}
	go func() {
		g.done <- embedgw.RunVersityGW(ctx, whole{backend}, &embedgw.Config{
			RootUserAccess: keys.AccessKeyID, RootUserSecret: keys.SecretAccessKey, Region: cfg.Region,
			Ports: []string{listen}, MaxConnections: 4096, MaxRequests: 2048, MultipartMaxParts: storage.MaxParts,
			IAMService: auth.NewIAMServiceSingle(auth.Account{
				Access: keys.AccessKeyID, Secret: keys.SecretAccessKey, Role: auth.RoleAdmin,
			}),
			KeepAlive: true, Quiet: true, DisableACLs: true,
			S3Options: []s3api.Option{s3api.WithRoute(http.MethodGet, healthPath, streamForms)},
		})
	}()
	if err := g.awaitReady("http://" + listen + healthPath); err != nil {
		return nil, errors.Join(err, g.Stop())
	}
	cfg.Endpoint, cfg.PathStyle = "http://"+listen, true
	cfg.AccessKeyID, cfg.SecretAccessKey = keys.AccessKeyID, keys.SecretAccessKey
	return g, nil
}

// Stop ends the service and waits for requests in progress, but not for long.
func (g *Gateway) Stop() error {
	g.cancel()
	select {
	case err := <-g.done:
		if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("stop the S3 gateway: %w", err)
		}
	case <-time.After(stopTimeout):
	}
	return nil
}

func (g *Gateway) awaitReady(health string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, health, http.NoBody)
		if err != nil {
			return fmt.Errorf("reach the S3 gateway: %w", err)
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-g.done:
			g.done <- nil
			return fmt.Errorf("start the S3 gateway: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the S3 gateway does not answer at %s after %s", health, startTimeout)
		case <-tick.C:
		}
	}
}

func openBackend(folder string) (*posix.Posix, error) {
	objects, sidecars := filepath.Join(folder, "objects"), filepath.Join(folder, "metadata")
	if err := os.MkdirAll(objects, 0o750); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w", err)
	}
	options := posix.PosixOpts{
		NewDirPerm: 0o750, NewFilePerm: 0o640, CopyObjectThreshold: math.MaxInt64,
		// A checksum that parts add up to: MD5 would be read from every byte again.
		DataIntegrityEtag: true,
	}
	var metadata meta.MetadataStorer = meta.XattrMeta{}
	if (meta.XattrMeta{}).Test(objects) != nil {
		if err := os.MkdirAll(sidecars, 0o750); err != nil {
			return nil, fmt.Errorf("make the store's metadata folder: %w", err)
		}
		sidecar, err := meta.NewSideCar(sidecars)
		if err != nil {
			return nil, fmt.Errorf("open the store's metadata folder: %w", err)
		}
		metadata, options.SideCarDir = sidecar, sidecars
	}
	backend, err := posix.New(objects, metadata, options)
	if err != nil {
		return nil, fmt.Errorf("open the store's folder: %w", err)
	}
	return backend, nil
}

func loadKeys(path string) (keyPair, error) {
	var keys keyPair
	data, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(data, &keys); err != nil || keys.SecretAccessKey == "" {
			return keys, fmt.Errorf("%s holds no keys: restore it, or remove it to have new ones made", path)
		}
		return keys, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return keys, fmt.Errorf("read the store's keys: %w", err)
	}
	keys = keyPair{AccessKeyID: "subclip" + rand.Text()[:12], SecretAccessKey: rand.Text() + rand.Text()}
	data, err = json.Marshal(keys)
	if err != nil {
		return keys, fmt.Errorf("write the store's keys: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return keys, fmt.Errorf("make the store's folder: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return keys, fmt.Errorf("write the store's keys: %w", err)
	}
	return keys, nil
}
