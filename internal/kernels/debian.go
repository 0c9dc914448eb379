package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// metaPackage depends on the newest kernel of a suite.
const metaPackage = "linux-image-cloud-amd64"

// kernel is one that can be booted.
type kernel struct {
	Suite   string // "bookworm"
	Series  string // "6.1"
	Package string // "6.1.0-50-cloud-amd64"
	Version string // Debian's version of it, "6.1.176-1"
	image   string // the path of vmlinuz
}

// suites are where kernels are looked for, in order: the three last releases,
// what the release in use offers beside its own, and the newest of all. One
// whose kernel is of a series that is there already adds nothing.
func suites(inUse string) []string {
	return []string{"bullseye", "bookworm", "trixie", inUse + "-backports", "trixie-backports"}
}

// fetch gets the newest kernel of each suite.
func fetch(ctx context.Context, cache string) ([]kernel, error) {
	mirror, inUse, err := source()
	if err != nil {
		return nil, err
	}
	var all []kernel
	have := map[string]bool{}
	for _, suite := range suites(inUse) {
		a := apt{dir: filepath.Join(cache, "apt", suite), suite: suite, mirror: mirror}
		if err := a.update(ctx); err != nil {
			return nil, fmt.Errorf("apt cannot read the list of packages of Debian's suite %s, so that its kernel is not tried: %w", suite, err)
		}
		image, version, err := a.newest(ctx)
		if err != nil {
			return nil, fmt.Errorf("the suite %s of Debian: %w", suite, err)
		}
		k := kernel{Suite: suite, Version: version, Package: strings.TrimPrefix(image, "linux-image-"), Series: series(version)}
		if have[k.Series] {
			continue
		}
		have[k.Series] = true
		k.image = filepath.Join(cache, k.Suite, k.Version, "vmlinuz")
		if _, err := os.Stat(k.image); err != nil {
			if err := a.unpack(ctx, image, k.image); err != nil {
				return nil, fmt.Errorf("apt cannot fetch the kernel %s of Debian's suite %s: %w", k.Version, suite, err)
			}
		}
		all = append(all, k)
	}
	return all, nil
}

var seriesForm = regexp.MustCompile(`^\d+\.\d+`)

// series is "6.1" of "6.1.176-1".
func series(version string) string { return seriesForm.FindString(version) }

// source is the address that this machine has Debian from, and the release.
func source() (mirror, release string, err error) {
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "VERSION_CODENAME="); ok {
			release = strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	out, err := output(exec.Command("apt-get", "indextargets", "--format", "$(LABEL) $(CODENAME) $(REPO_URI)", "Created-By: Packages"))
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "Debian" && f[1] == release {
			return f[2], release, nil
		}
	}
	return "", "", fmt.Errorf("apt of this machine knows no source of Debian %s: is this Debian, and has apt-get update run?", cmp.Or(release, "(no VERSION_CODENAME)"))
}

// apt works on lists of one suite alone, which are its own: those of the machine
// stay as they are.
type apt struct{ dir, suite, mirror string }

func (a apt) sources() string { return filepath.Join(a.dir, "suite.sources") }

// run runs a tool of apt.
func (a apt) run(ctx context.Context, dir, tool string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, append([]string{
		"-qq",
		"-o", "Dir::Etc::sourcelist=" + a.sources(),
		"-o", "Dir::Etc::sourceparts=-",
		"-o", "Dir::State=" + a.dir,
		"-o", "Dir::State::status=/dev/null",
		"-o", "Dir::Cache=" + a.dir,
		"-o", "Acquire::Languages=none",
		"-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
		"-o", "APT::Sandbox::User=", // the folder is ours, and maybe below a home
		"-o", "APT::Update::Error-Mode=any", // a suite that is not there is an error
		"-o", "APT::Architecture=amd64",
	}, args...)...)
	cmd.Dir = dir
	return output(cmd)
}

// update reads the suite's list of packages, signed by Debian's archive.
func (a apt) update(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(a.dir, "lists", "partial"), 0o755); err != nil {
		return err
	}
	text := fmt.Sprintf("Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n", a.mirror, a.suite)
	if err := os.WriteFile(a.sources(), []byte(text), 0o666); err != nil {
		return err
	}
	_, err := a.run(ctx, "", "apt-get", "update")
	return err
}

// newest is the package that metaPackage depends on, and its version.
func (a apt) newest(ctx context.Context) (image, version string, err error) {
	out, err := a.run(ctx, "", "apt-cache", "show", "--no-all-versions", metaPackage)
	if err != nil {
		return "", "", err
	}
	fields := control(out)
	if names := imageForm.FindAllString(fields["Depends"], -1); len(names) == 1 {
		return names[0], fields["Version"], nil
	}
	return "", "", fmt.Errorf("%s depends on %q, and which of them is the kernel is not plain", metaPackage, fields["Depends"])
}

// imageForm is the name of a package with a kernel, and binaryForm of the one
// that has the kernel itself since Debian splits it.
var (
	imageForm  = regexp.MustCompile(`\blinux-image-\d[\w.+]*(-\d+)?-cloud-amd64`)
	binaryForm = regexp.MustCompile(`\blinux-binary-\d[\w.+]*(-\d+)?-cloud-amd64`)
)

// unpack downloads a kernel's package and keeps vmlinuz of it.
func (a apt) unpack(ctx context.Context, image, to string) error {
	temp, err := os.MkdirTemp(a.dir, "unpack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	out, err := a.run(ctx, "", "apt-cache", "show", "--no-all-versions", image)
	if err != nil {
		return err
	}
	if split := binaryForm.FindString(control(out)["Depends"]); split != "" {
		image = split
	}
	if _, err := a.run(ctx, temp, "apt-get", "download", image); err != nil {
		return err
	}
	debs, _ := filepath.Glob(filepath.Join(temp, "*.deb"))
	if len(debs) != 1 {
		return fmt.Errorf("apt-get download %s left the files %q", image, debs)
	}
	if _, err := output(exec.CommandContext(ctx, "dpkg", "-x", debs[0], temp)); err != nil {
		return err
	}
	var found []string
	for _, pattern := range []string{"boot/vmlinuz-*", "usr/lib/modules/*/vmlinuz", "lib/modules/*/vmlinuz"} {
		some, _ := filepath.Glob(filepath.Join(temp, pattern))
		found = append(found, some...)
	}
	if len(found) != 1 {
		return fmt.Errorf("the package %s has the kernels %q", image, found)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.Rename(found[0], to)
}

// control are the fields of one paragraph of a Debian control file, each on one
// line.
func control(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") {
			fields[key] = strings.TrimSpace(value)
		}
	}
	return fields
}

// output is what a command prints. What it says on standard error belongs to the
// error.
func output(cmd *exec.Cmd) (string, error) {
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", filepath.Base(cmd.Path), err, bytes.TrimSpace(errs.Bytes()))
	}
	return string(out), nil
}
