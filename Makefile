# 绩效管理附件：改好 inputs 里的表格，运行 make annexes，Word 文件在 build 里。
# Needs GNU make, Python 3.11 or later, and nothing else: the first call makes the environment.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# What the command line may set. Make would expand a value again wherever it is used or exported,
# $(shell …) in it too: each is taken as typed, and reaches the programs through the environment.
VALUES := ACCEPT BRANCH DRY EARLIER EDITION FILES FORMAT FROM GROUP NO_HISTORY ON PERIOD REMOTE REPLACE TO UNDO WITH YEAR
$(foreach each,$(VALUES),$(eval override $(each) := $$(value $(each))))
export $(VALUES)

# option(VALUE, name): the option with the value, where there is one. The shell puts it in, in quotes.
option = $${$(1):+--$(2)="$$$(1)"}
flag = $${$(1):+--$(2)}
# Several editions stand apart by blanks; nothing in them is a pattern of file names.
editions = set -f; $(JIXIAO) $(1) $$EDITION

VENV := .venv
JIXIAO := $(VENV)/bin/jixiao
EDITIONS := $(or $(EDITION),$(notdir $(patsubst %/edition.toml,%,$(wildcard inputs/*/edition.toml))))
STRANGE := $$ ` " ' \ ; & | < > ( ) { } [ ] * ? ! ~ : =
$(foreach sign,$(STRANGE),$(if $(findstring $(sign),$(EDITIONS)),$(error 年度的文件夹名里不能有 $(sign)：$(EDITIONS))))
TEMPLATES := $(wildcard templates/docx/*.docx)

.PHONY: help annexes digest site publish unpublish forms collect consolidated status check score fmt rename new demo preview test test-fast fuzz pages deps bench views lock locale clean
help: ## 列出可以做的事
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The program itself knows what is up to date: by the contents of all files, outputs too. Times lie:
# a file is saved while it is being read, an old one copied back, a document damaged, a clock set.
annexes: $(VENV)/.ready ## 生成附件1–4（EDITION=2023 只生成一个年度）
	@$(call editions,build)

digest: $(VENV)/.ready ## 生成摘要（网页和 PDF）和附件1–4 的 PDF（ON=2023-10-08 算到这一天，默认今天）
	@$(call editions,digest) $(call option,ON,on)

site: $(VENV)/.ready ## 把要公布的内容收进 build/site（公布什么写在 edition.toml 的 [publish]）
	@$(call editions,site) $(call option,ON,on)

publish: $(if $(REMOTE),site) ## 把 build/site 推送到 git 仓库的一个分支（REMOTE=地址 BRANCH=分支，NO_HISTORY=1 不留以前的版本）
	@$(if $(REMOTE),,$(error 写明推送到哪里：make publish REMOTE=仓库地址 BRANCH=分支))
	@$(JIXIAO) publish $(call option,REMOTE,remote) $(call option,BRANCH,branch) $(call flag,NO_HISTORY,no-history)

unpublish: $(VENV)/.ready ## 把一个年度从公布的分支上拿掉，历史也不留（EDITION=2023 REMOTE=地址 BRANCH=分支）
	@$(if $(and $(EDITION),$(REMOTE)),,$(error 写明拿掉哪个年度、从哪里：make unpublish EDITION=2023 REMOTE=仓库地址))
	@$(JIXIAO) unpublish $(call option,REMOTE,remote) $(call option,BRANCH,branch) -- "$$EDITION"

forms: $(VENV)/.ready ## 给每个组队生成附件4（PERIOD=前三季度 只生成一期，EARLIER=1 附上各自上一期填的）
	@$(call editions,forms) $(call option,PERIOD,period) $(call flag,EARLIER,earlier)

collect: $(VENV)/.ready ## 把填好的附件4收进表格（FILES=文件、文件夹或 .zip，DRY=1 先看看，UNDO=1 撤回上一次）
	@$(if $(FILES)$(UNDO),,$(error 写明收什么：make collect FILES=文件、文件夹或者 .zip))
	@$(JIXIAO) collect $(call flag,UNDO,undo) $(call option,EDITION,edition) $(call option,PERIOD,period) \
		$(call option,GROUP,group) $(call option,ACCEPT,accept) $(call option,REPLACE,replace) \
		$(call flag,DRY,dry-run) $(call option,FORMAT,format) $(call option,FILES,words)

consolidated: $(VENV)/.ready ## 把各组队填好的附件4汇总成一份（PERIOD=前三季度）
	@$(call editions,forms) --consolidated $(call option,PERIOD,period)

status: $(VENV)/.ready ## 谁交了附件4、谁迟了、哪些没填（ON=2023-10-01，FORMAT=reminders 催报）
	@$(call editions,status) $(call option,ON,on) $(call option,PERIOD,period) $(call option,FORMAT,format)

check: $(VENV)/.ready ## 检查表格，列出所有问题
	@$(call editions,check) $(call option,FORMAT,format)

score: $(VENV)/.ready ## 按附件3算督查扣分和预计得分（WITH=草稿.csv 试算，FORMAT=docx 写成 Word 台账）
	@$(call editions,score) $(call option,WITH,with) $(call option,FORMAT,format)

fmt: $(VENV)/.ready ## 整理表格的写法（空格、全角半角、编码、先后），不改意思（DRY=1 先看看）
	@$(call editions,fmt) $(call flag,DRY,dry-run) $(call option,FORMAT,format)

rename: $(VENV)/.ready ## 组队、科室、人、指标编号改名（FROM=综合组 TO=办公室，DRY=1 先看看）
	@$(if $(and $(FROM),$(TO)),,$(error 写明哪个改成哪个：make rename FROM=综合组 TO=办公室))
	@$(JIXIAO) rename $(call option,EDITION,edition) $(call flag,DRY,dry-run) $(call option,FORMAT,format) \
		-- "$$FROM" "$$TO"

new: $(VENV)/.ready ## 新的年度（YEAR=2024），照最近的年度做一份，督查和填报是空的
	@$(if $(YEAR),,$(error 写明哪一年：make new YEAR=2024))
	@$(JIXIAO) new -- "$$YEAR"

demo: $(VENV)/.ready ## 生成虚构的“示例县统计局”，看看每张表填满的样子
	@$(JIXIAO) build demo --inputs tests/editions
	@$(JIXIAO) digest demo --inputs tests/editions --on 2024-10-08

preview: annexes deps ## 把附件转成 PDF 和图片（需要 LibreOffice）
	@$(call editions,preview)

# Two processes; the one that is done first takes over what the other has not begun.
PYTEST := $(VENV)/bin/python -m pytest --numprocesses 2 --dist worksteal

test: $(VENV)/.tests ## 运行全部测试和检查
	@$(MAKE) --no-print-directory deps || true
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(PYTEST)

test-fast: $(VENV)/.tests ## 只运行快的测试，不到一分钟
	$(PYTEST) -m "not slow and not fuzz and not pages"

fuzz: $(VENV)/.tests ## 运行要试很久的测试：每一步中断、满盘、没有权限，各种炸弹（十几分钟）
	$(PYTEST) -m fuzz

pages: $(VENV)/.tests ## 用四十个随机的年度试附件2的换页（需要 LibreOffice，几分钟）
	$(PYTEST) -m pages

bench: $(VENV)/.tests ## 和 docxtpl、python-docx、carbone、docxtemplater 比速度
	$(VENV)/bin/python -m tests.bench.bench

# Previews and the tests that look at pages need system packages; the annexes do not.
deps: $(VENV)/.ready ## 安装预览和测试要用的系统软件（Debian、Ubuntu）
	@lacking="$$($(JIXIAO) doctor --packages)"; \
	if [ -z "$$lacking" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then root=; \
	elif sudo -n true 2>/dev/null; then root=sudo; \
	else root=none; fi; \
	if [ "$$root" = none ] || ! command -v apt-get >/dev/null; then \
		echo "缺少系统软件，请管理员运行：sudo apt-get install -y --no-install-recommends $$lacking"; exit 1; \
	fi; \
	$$root apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$lacking >/dev/null

views: $(VENV)/.ready ## 改过 Word 模板以后，重写旁边的文字稿
	@$(JIXIAO) dump --look --write $(TEMPLATES)

lock: ## 重新锁定依赖的版本（维护用，需要 uv）
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 --group test -c requirements.txt -o tests/requirements.txt

locale: $(VENV)/.tests ## 编译界面文字（维护用）
	$(VENV)/bin/pybabel -q compile -d pipeline/locale

clean: ## 删掉生成的文件
	rm -rf build

# What is no target here: the rest would be make's own words, in English.
.DEFAULT:
	@echo "没有“$@”这件事可做，能做的看 make help" >&2; exit 2

# --- the environment ---------------------------------------------------------------------------

# The first Python that is new enough; some machines have stand-ins that only print an error.
PYTHON = $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)

# install(requirements): hash-checked, by uv where it is there (seconds), else by pip.
define install
	if command -v uv >/dev/null; then uv pip install -q --python $(VENV) --require-hashes -r $(1); \
	else $(VENV)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
endef

$(VENV)/.ready: requirements.txt pyproject.toml
	@echo "正在准备运行环境（只在第一次，大约一分钟）……"
	@if command -v uv >/dev/null; then uv venv -q --allow-existing --python '>=3.11' $(VENV); \
	elif [ -z "$(PYTHON)" ]; then echo "需要 Python 3.11 或更新的版本"; exit 1; \
	else $(PYTHON) -m venv $(VENV) || { echo "请先安装：sudo apt-get install python3-venv"; exit 1; }; fi
	@$(call install,requirements.txt)
	@if command -v uv >/dev/null; then uv pip install -q --python $(VENV) --no-deps --no-build-isolation -e .; \
	else $(VENV)/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@if [ "$$(git rev-parse --show-toplevel 2>/dev/null)" = "$$(pwd -P)" ]; then \
		git config diff.docx.textconv '$(JIXIAO) dump'; fi
	@touch $@

$(VENV)/.tests: tests/requirements.txt tests/package-lock.json $(VENV)/.ready
	@$(call install,tests/requirements.txt)
	@if command -v npm >/dev/null; then npm ci --prefix tests --ignore-scripts --silent --no-audit --no-fund; fi
	@touch $@
