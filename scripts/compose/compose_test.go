package compose

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

const file = "../../docker-compose.yml"

// load does what docker compose does with a file, in an empty environment: it
// checks it against the Compose schema, fills in the variables and checks that
// the parts refer to one another.
func load(t *testing.T, content string) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  t.TempDir(),
		ConfigFiles: []types.ConfigFile{{Filename: "docker-compose.yml", Content: []byte(content)}},
		Environment: types.Mapping{},
	}, func(o *loader.Options) { o.SetProjectName("subclip", true) })
}

func read(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, read(t))
	if err != nil {
		t.Fatalf("docker-compose.yml is not valid: %v", err)
	}
	return p
}

func service(t *testing.T, p *types.Project, name string) types.ServiceConfig {
	t.Helper()
	s, err := p.GetService(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServices(t *testing.T) {
	want := []string{"api", "mailpit", "migrate", "postgres", "redis", "versitygw", "worker"}
	got := project(t).ServiceNames()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("services %q, want %q", got, want)
	}
}

func TestWorkersDoNotCollide(t *testing.T) {
	worker := service(t, project(t), "worker")
	if len(worker.Ports) > 0 {
		t.Errorf("a worker publishes %v: a second one could not", worker.Ports)
	}
	if worker.ContainerName != "" {
		t.Errorf("a worker is called %q: a second one could not be", worker.ContainerName)
	}
}

func TestPortsAreOnLoopback(t *testing.T) {
	published := map[string]bool{}
	for _, s := range project(t).Services {
		if s.NetworkMode == "host" {
			t.Errorf("%s has all of the host's addresses", s.Name)
		}
		for _, port := range s.Ports {
			published[s.Name+" "+port.Published] = true
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %s on %q, want 127.0.0.1", s.Name, port.Published, port.HostIP)
			}
		}
	}
	for _, want := range []string{"api 8080", "versitygw 7070", "mailpit 8025"} {
		if !published[want] {
			t.Errorf("%s is not published; %v are", want, published)
		}
	}
}

func TestOneEnvironment(t *testing.T) {
	p := project(t)
	names := []string{
		"DATABASE_URL", "REDIS_URL", "S3_ENDPOINT", "S3_PUBLIC_ENDPOINT", "S3_BUCKET", "S3_REGION", "S3_PATH_STYLE",
		"S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "SUBCLIP_CONCURRENCY",
		"SUBCLIP_SITE_URL", "SUBCLIP_MAIL_FROM", "SUBCLIP_SMTP_HOST", "SUBCLIP_SMTP_PORT", "SUBCLIP_SMTP_TLS",
	}
	api := service(t, p, "api").Environment
	for _, name := range names {
		if value := api[name]; value == nil || *value == "" {
			t.Errorf("the API has no %s", name)
		}
	}
	for _, other := range []string{"worker", "migrate"} {
		if environment := service(t, p, other).Environment; !maps.Equal(environment.ToMapping(), api.ToMapping()) {
			t.Errorf("%s has another environment than api:\n%v\n%v", other, environment.ToMapping(), api.ToMapping())
		}
	}
}

// The store and the database have to know the same secrets as their users.
func TestSecretsAgree(t *testing.T) {
	p := project(t)
	api, store, database := service(t, p, "api").Environment, service(t, p, "versitygw").Environment, service(t, p, "postgres").Environment
	for ours, theirs := range map[string]string{"S3_ACCESS_KEY_ID": "ROOT_ACCESS_KEY", "S3_SECRET_ACCESS_KEY": "ROOT_SECRET_KEY"} {
		if *api[ours] != *store[theirs] {
			t.Errorf("%s is %q and the store's %s %q", ours, *api[ours], theirs, *store[theirs])
		}
	}
	want := "postgres://" + *database["POSTGRES_USER"] + ":" + *database["POSTGRES_PASSWORD"] + "@postgres:5432/" + *database["POSTGRES_DB"]
	if address, _, _ := strings.Cut(*api["DATABASE_URL"], "?"); address != want {
		t.Errorf("DATABASE_URL is %q, want %q", address, want)
	}
}

func TestStartOrder(t *testing.T) {
	p := project(t)
	for _, want := range []struct{ service, needs, condition string }{
		{"migrate", "postgres", types.ServiceConditionHealthy},
		{"api", "migrate", types.ServiceConditionCompletedSuccessfully},
		{"api", "redis", types.ServiceConditionHealthy},
		{"api", "versitygw", types.ServiceConditionHealthy},
		{"worker", "migrate", types.ServiceConditionCompletedSuccessfully},
		{"worker", "redis", types.ServiceConditionHealthy},
		{"worker", "versitygw", types.ServiceConditionHealthy},
	} {
		if got := service(t, p, want.service).DependsOn[want.needs].Condition; got != want.condition {
			t.Errorf("%s starts after %s is %q, want %q", want.service, want.needs, got, want.condition)
		}
		if want.condition == types.ServiceConditionHealthy && service(t, p, want.needs).HealthCheck == nil {
			t.Errorf("%s waits for the health of %s, which has no check", want.service, want.needs)
		}
	}
}

// A check that refuses nothing would prove nothing.
func TestMistakesAreRefused(t *testing.T) {
	for name, change := range map[string]struct{ from, to string }{
		"misspelt key":       {"  worker:\n", "  worker:\n    container_nam: x\n"},
		"misspelt condition": {"service_completed_successfully", "service_completed"},
		"unknown service":    {"  redis:\n    image", "  reddis:\n    image"},
		"unknown volume":     {"\"store:/data\"", "\"stores:/data\""},
	} {
		t.Run(name, func(t *testing.T) {
			content := read(t)
			if !strings.Contains(content, change.from) {
				t.Fatalf("docker-compose.yml has no %q to spoil", change.from)
			}
			if _, err := load(t, strings.Replace(content, change.from, change.to, 1)); err == nil {
				t.Error("the mistake was not noticed")
			} else {
				t.Log(err)
			}
		})
	}
}
