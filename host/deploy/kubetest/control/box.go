package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"carjs/host/deploy/image/imagetest"
)

// pull fetches an image by its digest from a registry on loopback, over HTTP, and checks every byte
// of it.
func (k *Kubelet) pull(reference string) (imagetest.Image, error) {
	name, text, _ := strings.Cut(reference, "@")
	host, repository, _ := strings.Cut(name, "/")
	repository, _, _ = strings.Cut(repository, ":")
	mediaType := ""
	get := func(kind string) imagetest.Source {
		return func(d digest.Digest) ([]byte, error) {
			request, err := http.NewRequest(http.MethodGet, "http://"+host+"/v2/"+repository+"/"+kind+"/"+d.String(), nil)
			if err != nil {
				return nil, err
			}
			request.Header.Set("Accept", ocispec.MediaTypeImageManifest+", "+ocispec.MediaTypeImageIndex)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				return nil, err
			}
			defer response.Body.Close()
			data, err := io.ReadAll(response.Body)
			if response.StatusCode != http.StatusOK {
				return nil, fmt.Errorf("failed to resolve reference %q: %s: %s", reference, reference, wordOf(response.StatusCode))
			}
			if kind == "manifests" {
				mediaType = response.Header.Get("Content-Type")
			}
			return data, err
		}
	}
	data, err := get("manifests")(digest.Digest(text))
	if err != nil {
		return imagetest.Image{}, err
	}
	root := ocispec.Descriptor{MediaType: mediaType, Digest: digest.Digest(text), Size: int64(len(data))}
	images, err := imagetest.Read(func(d digest.Digest) ([]byte, error) {
		if found, err := get("blobs")(d); err == nil {
			return found, nil
		}
		return get("manifests")(d)
	}, root)
	if err != nil {
		return imagetest.Image{}, err
	}
	if found, ok := images["linux/"+runtime.GOARCH]; ok {
		return found, nil
	}
	if len(images) == 1 {
		for _, other := range images {
			return other, nil // a container engine takes the only one, whatever it is for
		}
	}
	return imagetest.Image{}, fmt.Errorf("no match for platform in manifest: not found")
}

func wordOf(status int) string {
	if status == http.StatusNotFound {
		return "not found"
	}
	return strings.ToLower(http.StatusText(status))
}

// box is the unpacked image of a pod with its volumes. As root, the program is shut in there; else
// it runs from there, and paths of its environment are those of this machine.
type box struct {
	root   string
	config ocispec.ImageConfig
	user   uint32
	shut   bool
	moved  map[string]string // paths in the container to those of this machine
	last   string            // the file of the termination message
}

// box unpacks the image of a pod and makes its volumes.
func (k *Kubelet) box(ctx context.Context, pod *corev1.Pod, image imagetest.Image) (*box, error) {
	c := pod.Spec.Containers[0]
	b := &box{root: k.podDir(pod), config: image.Config.Config, user: 1001, shut: os.Getuid() == 0, moved: map[string]string{}}
	if user := pod.Spec.SecurityContext; user != nil && user.RunAsUser != nil {
		b.user = uint32(*user.RunAsUser)
	}
	if err := os.MkdirAll(b.root, 0o755); err != nil {
		return nil, err
	}
	if err := image.Unpack(b.root); err != nil {
		return nil, err
	}
	if err := os.Chmod(b.root, 0o755); err != nil {
		return nil, err
	}
	for _, mount := range c.VolumeMounts {
		path := filepath.Join(b.root, mount.MountPath)
		b.moved[mount.MountPath] = path
		if err := os.MkdirAll(path, 0o777); err != nil {
			return nil, err
		}
		if err := os.Chmod(path, 0o777); err != nil {
			return nil, err
		}
		for _, volume := range pod.Spec.Volumes {
			if volume.Name == mount.Name && volume.Projected != nil {
				if err := k.project(ctx, pod.Namespace, path, volume.Projected); err != nil {
					return nil, err
				}
			}
		}
	}
	b.last = filepath.Join(b.root, c.TerminationMessagePath)
	b.moved[c.TerminationMessagePath] = b.last
	if err := os.MkdirAll(filepath.Dir(b.last), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(b.last, nil, 0o666); err != nil {
		return nil, err
	}
	return b, os.Chmod(b.last, 0o666)
}

// project writes the files of Secrets.
func (k *Kubelet) project(ctx context.Context, namespace, path string, p *corev1.ProjectedVolumeSource) error {
	for _, source := range p.Sources {
		secret, err := k.cluster.Client.CoreV1().Secrets(namespace).Get(ctx, source.Secret.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		files := map[string]string{}
		for key := range secret.Data {
			files[key] = key
		}
		if len(source.Secret.Items) > 0 {
			files = map[string]string{}
			for _, item := range source.Secret.Items {
				files[item.Key] = item.Path
			}
		}
		for key, name := range files {
			target := filepath.Join(path, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(target, secret.Data[key], 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// command is the program of the image.
func (b *box) command(ctx context.Context, env map[string]string) *exec.Cmd {
	entry := append(append([]string{}, b.config.Entrypoint...), b.config.Cmd...)
	c := exec.CommandContext(ctx, entry[0], entry[1:]...)
	c.Dir, c.Env = b.config.WorkingDir, append([]string{}, b.config.Env...)
	if b.shut {
		shutIn(c, b.root, b.user)
	} else {
		c.Path, c.Dir = filepath.Join(b.root, c.Path), filepath.Join(b.root, c.Dir)
		for i, arg := range c.Args[1:] {
			if strings.HasPrefix(arg, "/") {
				c.Args[i+1] = filepath.Join(b.root, arg)
			}
		}
		env["CARJS_SECRETS_DIR"] = filepath.Join(b.root, "etc", "secrets")
		env["CARJS_TERMINATION_LOG"] = b.last
		for name, value := range env {
			if path, ok := b.moved[value]; ok {
				env[name] = path
			}
		}
	}
	for name, value := range env {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// message is the termination message: what is in its file, 4 KiB at most.
func (b *box) message() string {
	data, err := os.ReadFile(b.last)
	if err != nil {
		return ""
	}
	return string(data[:min(len(data), 4096)])
}
