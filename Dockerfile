# Heed in one image; compose.yaml runs it as web, worker and encoder.
FROM python:3.12-slim-trixie

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 HEED_DATA_DIR=/data HEED_LOG_FORMAT=json
# CPU builds of torch: without this index pip takes builds for graphics cards, several gigabytes larger.
ARG PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu

# Backups are made with PostgreSQL's own tools, which may not be older than the server of compose.yaml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/heed
COPY pyproject.toml README.md LICENSE ./
COPY requirements requirements
COPY config config
COPY feedback feedback
COPY manage.py .
# With what a bucket for files or backups and a mail provider's own interface need.
RUN pip install --require-hashes --no-deps -r requirements/hashes.txt \
    && pip install --no-build-isolation -e ".[s3,providers]" -c requirements/constraints.txt \
    && useradd --system --create-home heed \
    && install -d -o heed -m 0700 /data /backups

USER heed
VOLUME /data /backups
EXPOSE 8000
# Everything in one container. compose.yaml gives each process its own.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--sample", "none"]
