package transcoder

import "testing"

// TestProxySize goes by what ffmpeg makes of such pictures; see within.
func TestProxySize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		wide, high    int
		aspect        string
		width, height int
	}{
		{1920, 1080, "1:1", 1280, 720}, {320, 180, "", 320, 180}, {720, 576, "16:11", 1046, 576}, {1080, 1920, "N/A", 404, 720}, {4096, 2160, "0:1", 1280, 674}, {1, 1, "", 2, 2},
	} {
		s := Source{Video: VideoTrack{Width: tt.wide, Height: tt.high, AspectRatio: tt.aspect}}
		if width, height := s.ProxySize(); width != tt.width || height != tt.height {
			t.Errorf("of %d × %d at %q it is %d × %d, want %d × %d", tt.wide, tt.high, tt.aspect, width, height, tt.width, tt.height)
		}
	}
}
