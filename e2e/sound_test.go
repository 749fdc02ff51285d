package e2e

import (
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tones are what is heard of the two sound tracks of a master, in hertz.
var tones = [2]float64{440, 1000}

// twoTones is the short video, four times over, with a tone in each of two sound tracks.
func twoTones(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tones.mov")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-loglevel", "error", "-stream_loop", "3", "-i", tools.short,
		"-f", "lavfi", "-i", "sine=440:r=48000:d=32", "-f", "lavfi", "-i", "sine=1000:r=48000:d=32",
		"-map", "0:v", "-map", "1", "-map", "2", "-c:v", "copy", "-c:a", "pcm_s16le", path).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	return path
}

// listen lets WebAudio hear what the page plays, by its player and beside it. It may only
// do so where the store allows the page to read its objects.
const listen = `(async () => {
	const { video, audio } = subclip.sound;
	audio.crossOrigin = video.crossOrigin = "anonymous";
	video.load();
	const context = new AudioContext({ sampleRate: 48000 });
	const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
	for (const element of [video, audio]) context.createMediaElementSource(element).connect(analyser);
	analyser.connect(context.destination);
	await context.resume();
	globalThis.levels = (...tones) => {
		const spectrum = new Float32Array(analyser.frequencyBinCount);
		analyser.getFloatFrequencyData(spectrum);
		const bin = context.sampleRate / analyser.fftSize;
		const around = (tone) => Math.max(...spectrum.subarray(tone / bin - 3, tone / bin + 4), -200);
		return [spectrum.indexOf(Math.max(...spectrum)) * bin, ...tones.map(around)];
	};
	return true;
})()`

// mustHear waits until one tone alone is heard, and well.
func (b *tab) mustHear(t *testing.T, tone, other float64) {
	t.Helper()
	b.await("(([most, wanted, other]) => Math.abs(most - %g) < 6 && wanted > -60 && other < -90)(levels(%g, %g))", tone, tone, other)
	if got := asked[[]float64](b, "levels(%g, %g)", tone, other); math.Abs(got[0]-tone) > 6 {
		t.Errorf("of %g and %g Hz there is heard most at %g Hz: %v", tone, other, got[0], got[1:])
	}
}

// mustBeTogether has sound and picture lie within a tenth of a second.
func (b *tab) mustBeTogether(t *testing.T, when string) {
	t.Helper()
	const apart = "Math.abs(subclip.sound.audio.currentTime - subclip.video.currentTime)"
	b.await("!subclip.sound.audio.seeking && %s < 0.1", apart)
	if by := asked[float64](b, apart); by >= 0.1 {
		t.Errorf("%s sound and picture are %.3f s apart", when, by)
	}
}

// TestSoundTracks listens to the second sound track of a video in the editor, with a
// browser that plays a file's first one alone.
func TestSoundTracks(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(twoTones(t), "Two tones")
	eventually(t, "the waveforms are there", func() bool {
		return strings.Contains(s.ask("GET", "/v1/assets/"+asset, nil).raw, "/waveforms/1")
	})
	b := openTab(t)
	b.look(1200, 1200, false)
	b.open(s.url + "/assets/" + asset + "?in=10:00:01:00&out=10:00:30:00")
	b.await(listen)
	b.await(settled)
	choose := func(track int) {
		b.await(`((choice) => (choice.selectedIndex = %d, choice.dispatchEvent(new Event("change"))))(document.querySelector("[data-track]"))`, track)
	}
	plays := func() {
		b.press("p")
		b.await("subclip.player.playing && subclip.video.currentTime > 1.5")
	}
	t.Run("first", func(t *testing.T) {
		plays()
		b.mustHear(t, tones[0], tones[1])
	})
	t.Run("second while it plays", func(t *testing.T) {
		plays()
		choose(1)
		b.await("subclip.sound.audio.currentTime > 1 && !subclip.sound.audio.paused")
		b.mustHear(t, tones[1], tones[0])
		b.mustBeTogether(t, "playing")
		asked[bool](b, "subclip.player.seek(50), true")
		b.await(settled)
		b.mustBeTogether(t, "after a seek")
		b.mustHear(t, tones[1], tones[0])
		b.mustBeTogether(t, "playing on")
		b.press("k")
		b.mustBeTogether(t, "paused")
		if !asked[bool](b, "subclip.sound.audio.paused") {
			t.Error("the sound goes on after a pause")
		}
	})
	t.Run("speeds", func(t *testing.T) {
		b.press(kb.Home)
		b.do(chromedp.KeyEvent("l"), chromedp.KeyEvent("l"))
		b.await("Math.abs(subclip.sound.audio.playbackRate - 2) <= 0.1 && !subclip.sound.audio.paused && subclip.sound.audio.currentTime > 1")
		b.mustBeTogether(t, "at twice the speed")
		b.press("k")
		b.do(chromedp.KeyEvent("j"))
		b.await("subclip.player.reverse > 0 && subclip.sound.audio.paused && subclip.player.at > 0")
		b.press("k")
		b.mustBeTogether(t, "after it went backwards")
	})
	t.Run("frames and marks", func(t *testing.T) { b.sameKeys(t) })
	t.Run("volume and mute", func(t *testing.T) {
		b.press("x")
		plays()
		b.mustHear(t, tones[1], tones[0])
		b.do(chromedp.Click(chromedp.CSS("media-mute-button")))
		b.await("levels(%g, %g).slice(1).every((level) => level < -90)", tones[1], tones[0])
		plays()
		b.do(chromedp.Click(chromedp.CSS("media-mute-button")))
		b.mustHear(t, tones[1], tones[0])
		b.await(`((slider) => (slider.value = 0.25, slider.dispatchEvent(new Event("input"))))(document.querySelector("[data-volume]"))`)
		b.await("subclip.sound.audio.volume === 0.25 && !subclip.video.muted")
		plays()
		b.mustHear(t, tones[1], tones[0])
		choose(0)
		plays()
		b.mustHear(t, tones[0], tones[1])
		if volume := asked[float64](b, "subclip.video.volume"); volume != 0.25 {
			t.Errorf("the first track is then played at %g", volume)
		}
	})
	t.Run("that cannot be had", func(t *testing.T) {
		b.await(`document.querySelector("[data-track]").options[1].dataset.sound = "/assets/%s/sounds/7"`, asset)
		choose(1)
		b.await(`document.querySelector("[data-voice]").textContent.includes("track 1")`)
		plays()
		b.mustHear(t, tones[0], tones[1])
	})
}

// sameKeys marks and steps with another sound than the video's own.
func (b *tab) sameKeys(t *testing.T) {
	b.press("I", chromedp.KeyModifiers(chromedp.ModifierShift))
	b.mustShowFrame(25, "10:00:01:00")
	b.press(strings.Repeat(kb.ArrowRight, 7))
	b.mustShowFrame(32, "10:00:01:07")
	b.mustBeTogether(t, "stepped on")
	b.press("i")
	b.press(strings.Repeat(kb.ArrowRight, 2), chromedp.KeyModifiers(chromedp.ModifierShift))
	b.press("o")
	b.mustBeMarked(t, 32, 83)
	b.mustShowFrame(82, "10:00:03:07")
	b.mustBeTogether(t, "at the other mark")
	b.do(chromedp.KeyEvent("p"))
	b.await("subclip.video.paused && subclip.player.at >= 82")
	b.mustShowFrame(82, "10:00:03:07")
	b.await("subclip.sound.audio.paused")
}
