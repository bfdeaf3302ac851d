package control

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Kubeconfig is the kubeconfig file of a user who logs in with a token.
func (c *Cluster) Kubeconfig(token string) string {
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Server.Certificate().Raw})
	return fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: test
contexts:
- name: test
  context: {cluster: loopback, user: tester}
clusters:
- name: loopback
  cluster:
    server: %s
    certificate-authority-data: %s
users:
- name: tester
  user:
    token: %s
`, c.Server.URL, base64.StdEncoding.EncodeToString(ca), token)
}

func newNamespace(name string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
}
