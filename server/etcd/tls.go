package etcd

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

// LoadTLS returns the configuration for nodes whose certificates were signed by one in a PEM file. If
// own is not empty, it is a PEM file with the certificate and the key that this server shows to the
// nodes.
func LoadTLS(authorities, own string) (*tls.Config, error) {
	text, err := os.ReadFile(authorities)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate in PEM", authorities)
	}
	if own != "" {
		certificate, err := tls.LoadX509KeyPair(own, own)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}
