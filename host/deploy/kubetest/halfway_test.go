package kubetest

import (
	"bytes"
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"
)

// A cluster that refuses the second object after it has accepted both in the dry run: the message
// says what was done, and the way back undoes it.
func TestRefusedHalfway(t *testing.T) {
	d := newDesk(t)
	d.write("two.yaml", strings.Replace(manifestOfTwo, "Always", "Never", 1))
	d.cluster.Admit = func(a admission.Attributes) error {
		if a.GetResource().Resource == "cronjobs" && a.GetName() == "bad" && !a.IsDryRun() {
			return errors.New("the quota is used up")
		}
		return nil
	}
	args := []string{"deploy", "-f", "two.yaml", "-wait=false"}
	r := d.must(2, args, "cannot apply CronJob bad", "the quota is used up", "done before: CronJob good",
		"run the command again, or go back with carjs deploy -rollback")
	if n := d.count(); n != 1 || strings.Contains(r.stderr, "nothing was changed") {
		t.Errorf("%d CronJobs\n%s", n, r)
	}
	d.cluster.Admit = nil
	d.must(0, args, "CronJob good in default is unchanged", "CronJob bad in default is created")
	if n := d.count(); n != 2 {
		t.Errorf("%d CronJobs", n)
	}
}

// A secret that is binary cannot be an environment variable: no pod would start.
func TestBinarySecret(t *testing.T) {
	d := newDesk(t)
	d.secret("default", "car-service", "CAR_SERVICE_URL", "CAR_SERVICE_KEY", "CAR_SERVICE_PASSWORD")
	secrets := d.cluster.Client.CoreV1().Secrets("default")
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "car-office"}}
	for _, value := range [][]byte{{0xff, 0xfe}, []byte("nul\x00byte")} {
		secret.Data = map[string][]byte{"CONFIGURATION_AUTH_PASSWORD": value}
		if _, err := secrets.Create(t.Context(), secret, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		r := d.must(2, connection("1.0", digestOne),
			"CONFIGURATION_AUTH_PASSWORD of the Secret car-office in default is binary", "nothing was changed", "base64")
		if n := d.count(); n != 0 || strings.Contains(r.stderr, "nul") {
			t.Errorf("%d CronJobs\n%s", n, r)
		}
		if err := secrets.Delete(t.Context(), "car-office", metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	secret.Data = map[string][]byte{"CONFIGURATION_AUTH_PASSWORD": []byte("two\nlines, $(HOME) and ü\n")}
	if _, err := secrets.Create(t.Context(), secret, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	d.must(0, connection("1.0", digestOne), "is created")
}

// Ctrl-C while a cluster gives no answer.
func TestDeployStopped(t *testing.T) {
	d := newDesk(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	d.write(".kube/config", strings.Replace(d.cluster.Kubeconfig("admin-token"), d.cluster.Server.URL, "https://"+silent.Addr().String(), 1))
	for _, args := range [][]string{connection("1.0", digestOne), {"deploy", "-rollback", "-source", "office"}} {
		c := d.command(t.Context(), args...)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		asked, err := silent.Accept()
		if err == nil {
			err = c.Process.Signal(os.Interrupt)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // the exit code is looked at
		asked.Close()
		if code := c.ProcessState.ExitCode(); code != 10 ||
			!strings.Contains(stderr.String(), "stopped by Ctrl-C (SIGINT); nothing was changed") {
			t.Errorf("%v: exit code %d\n%s", args, code, &stderr)
		}
	}
}
