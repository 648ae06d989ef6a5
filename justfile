# Lists the tasks
default:
    @just --list

export PATH := justfile_directory() / ".parts/venv/bin:" + env("PATH")

# Starts a whole centre (./run --help tells the options)
run *options:
    ./run {{ options }}

# All checks, and all tests but the acceptance tests: what must be good before a commit
check:
    python tools/checks.py quick

# Everything, as CI does; or some tests: just test tests/core -k matching
test *options:
    ./test {{ options }}

# Rules, types, import laws and the web's checks, without tests
static:
    python tools/checks.py static

# Repairs what can be repaired by machine: form, order of imports
fix:
    cd server && ruff check --fix --quiet src tests migrations ../tools && ruff format --quiet src tests migrations ../tools
    cd web && npm run --silent fix

# Measures, and prints tables with ratios (just bench --help)
bench *options:
    cordboard bench {{ options }}

# Writes the locks again after a change of dependencies
lock:
    cd server && uv pip compile --generate-hashes --universal --no-header --quiet --extra dev --extra language --extra ocr pyproject.toml -o requirements.lock

# Writes the generated reference pages and the web's client again
docs:
    python tools/reference.py
