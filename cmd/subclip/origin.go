package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// pageOrigins are where browsers have the site's pages from. A site on this machine is
// reached under two names.
func pageOrigins(siteURL string) ([]string, error) {
	site, err := url.Parse(siteURL)
	if err != nil {
		return nil, fmt.Errorf("read the site's address: %w", err)
	}
	port := ":" + site.Port()
	if site.Port() == "" || site.Scheme+port == "http:80" || site.Scheme+port == "https:443" {
		port = "" // browsers do not name it
	}
	ip := net.ParseIP(site.Hostname())
	isHere := site.Hostname() == "localhost" || site.Hostname() == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
	if !isHere {
		host := strings.TrimSuffix(site.Host, ":"+site.Port())
		return []string{site.Scheme + "://" + host + port}, nil
	}
	return []string{site.Scheme + "://127.0.0.1" + port, site.Scheme + "://localhost" + port}, nil
}
